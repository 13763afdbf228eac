//! In the place of [`gfni`](super::gfni) where it cannot be: a state that does not exist.

use alloc::vec::Vec;

/// Nothing.
#[derive(Clone)]
pub(crate) enum State {}

impl State {
    pub(crate) fn new(_iv: u8) -> Option<Self> {
        None
    }

    pub(crate) fn update(&mut self, _blocks: &[[u8; 64]]) {
        match *self {}
    }

    pub(crate) fn finish(&self, _rest: &[u8]) -> [u8; 64] {
        match *self {}
    }
}

pub(crate) fn finish_all<'a>(
    messages: impl ExactSizeIterator<Item = (&'a State, &'a [u8])>,
) -> Vec<[u8; 64]> {
    messages.map(|(state, rest)| state.finish(rest)).collect()
}

pub(crate) fn finish_blocks<const K: usize>(state: &State, _blocks: &mut [[u8; 64]; K]) {
    match *state {}
}
