// The word that the server gave to this answer. Without it, the content policy lets no style in an element count.
import { setNonce } from 'get-nonce';

/** Empty where no policy asks for one, as in tests. */
export const styleNonce =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// Dialogs keep the page behind them from scrolling by a style of their own.
if (styleNonce) setNonce(styleNonce);
