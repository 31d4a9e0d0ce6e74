import { readdirSync } from 'node:fs';

import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const features = readdirSync('src/features');
const zones = [
  // No feature sees another: the app puts them side by side.
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: './src/features',
    except: [`./${name}`],
  })),
  // app -> features -> components -> api -> lib
  { target: './src/features', from: './src/app' },
  { target: './src/components', from: ['./src/app', './src/features'] },
  { target: './src/api', from: ['./src/app', './src/features', './src/components'] },
  { target: './src/lib', from: ['./src/app', './src/features', './src/components', './src/api'] },
  // What ships never sees what only tests and the mock need.
  {
    target: ['./src/app', './src/features', './src/components', './src/api', './src/lib'],
    from: './mock',
  },
];

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.ts', 'public', '*.cjs'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'mock/**/*.ts'],
    extends: [
      importX.flatConfigs.typescript,
      reactHooks.configs.flat.recommended,
      jsxA11y.flatConfigs.recommended,
    ],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true }],
      'max-lines-per-function': ['warn', { max: 120 }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-imports': ['error', { patterns: ['../*'] }],
      eqeqeq: 'error',
    },
  },
  {
    // A test's `describe` is one function, however much it describes.
    files: ['src/**/*.test.{ts,tsx}'],
    rules: { 'max-lines-per-function': 'off' },
  },
);
