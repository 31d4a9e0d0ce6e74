//! A connection on loan from the pool.
//!
//! Work can be dropped half-way: a client hangs up, a task has to end. A connection that comes back in the middle of a
//! transaction would keep its locks until somebody happens to borrow that very connection again, so it is closed
//! instead, and Postgres rolls back at once.
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{PoolableConnection as _, deadpool::Object},
};
use std::ops::{Deref, DerefMut};

/// A connection out of the pool; goes back when it is dropped.
pub struct Conn(Option<Object<AsyncPgConnection>>);

impl Conn {
    pub(super) fn new(lent: Object<AsyncPgConnection>) -> Self {
        Self(Some(lent))
    }

    /// Takes it out of the pool for good.
    pub(super) fn keep(mut self) -> Option<AsyncPgConnection> {
        self.0.take().map(Object::take)
    }
}

#[expect(clippy::expect_used, reason = "it is there until it is dropped")]
impl Deref for Conn {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        self.0.as_ref().expect("a connection on loan")
    }
}

#[expect(clippy::expect_used, reason = "it is there until it is dropped")]
impl DerefMut for Conn {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        self.0.as_mut().expect("a connection on loan")
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        if let Some(mut lent) = self.0.take()
            && lent.is_broken()
        {
            drop(Object::take(lent));
        }
    }
}
