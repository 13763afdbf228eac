//! The calls of the page.

mod agreeing;
mod carriers;
mod making;
mod pair;
mod using;

pub(crate) use agreeing::agree;
pub(crate) use carriers::{carriers, keys};
pub(crate) use making::{make, moves, request};
pub(crate) use pair::{pair, unpair};
pub(crate) use using::{change_pin, close, install, open, sign};

use axum::Json;

use crate::failure::Failure;

type Answer<T> = Result<Json<T>, Failure>;
