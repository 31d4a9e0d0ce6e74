//! Floor 4: what FlashFit does, a folder per ability, from HTTP to SQL.
