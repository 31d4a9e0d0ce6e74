//! Floor 3: the outside world behind small faces. Knows no garment.
