//! The border to the page: memory and one call. All unsafe code of the workplace is here.
//!
//! The page asks for room ([`workplace_room`]), writes its question there and calls [`workplace_ask`], which
//! takes the room back, wipes it, and answers with room that the page reads and gives back
//! ([`workplace_done`]). A WebAssembly module has one thread.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;

use gost_ca::provider::{ErrorKind, Result, Rng, RngKind};
use zeroize::Zeroize as _;

use crate::{Files, Workplace};

#[link(wasm_import_module = "page")]
#[expect(unsafe_code, reason = "the page's randomness is an import")]
unsafe extern "C" {
    /// Fills memory with the browser's randomness; 0 where it has none.
    fn random(to: *mut u8, length: usize) -> u32;
    /// Fills memory with the next octets of the document; their number, below 0 where there is no document.
    fn read_file(to: *mut u8, length: usize) -> i32;
    /// Begins the document anew, and forgets what was written; 0 where there is none.
    fn rewind_file() -> u32;
    /// Takes octets of what is made of it; 0 where it cannot.
    fn write_file(from: *const u8, length: usize) -> u32;
}

/// `crypto.getRandomValues`.
#[derive(Debug)]
struct Browser;

impl Rng for Browser {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        #[expect(unsafe_code, reason = "the page's randomness is an import")]
        // SAFETY: the import writes `length` octets at `to`, which is ours for the call.
        let filled = unsafe { random(out.as_mut_ptr(), out.len()) };
        if filled == 0 { Err(ErrorKind::Unavailable.at("crypto.getRandomValues")) } else { Ok(()) }
    }

    fn kind(&self) -> RngKind {
        RngKind::System
    }
}

/// The document of the page.
#[derive(Debug)]
struct Document;

impl Files for Document {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        #[expect(unsafe_code, reason = "the page's document is an import")]
        // SAFETY: the import writes at most `length` octets at `to`, which is ours for the call.
        let length = unsafe { read_file(out.as_mut_ptr(), out.len()) };
        usize::try_from(length).map_err(|_| io::ErrorKind::Other.into())
    }

    fn rewind(&mut self) -> io::Result<()> {
        #[expect(unsafe_code, reason = "the page's document is an import")]
        // SAFETY: the import touches no memory.
        let begun = unsafe { rewind_file() };
        done(begun)
    }

    fn write(&mut self, octets: &[u8]) -> io::Result<()> {
        #[expect(unsafe_code, reason = "the page's document is an import")]
        // SAFETY: the import reads `length` octets at `from`, which is ours for the call.
        let taken = unsafe { write_file(octets.as_ptr(), octets.len()) };
        done(taken)
    }
}

fn done(answer: u32) -> io::Result<()> {
    if answer == 0 { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
}

thread_local! {
    static WORKPLACE: RefCell<Workplace> = RefCell::new(Workplace::new(Arc::new(Browser)));
    static QUESTION: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for a question of that length; the page writes it there.
#[expect(unsafe_code, reason = "an export")]
// SAFETY: no other symbol has this name.
#[unsafe(no_mangle)]
extern "C" fn workplace_room(length: usize) -> *mut u8 {
    QUESTION.with_borrow_mut(|room| {
        room.clear();
        room.resize(length, 0);
        room.as_mut_ptr()
    })
}

/// Answers the question in the room, wipes it, and says how long the answer is.
#[expect(unsafe_code, reason = "an export")]
// SAFETY: no other symbol has this name.
#[unsafe(no_mangle)]
extern "C" fn workplace_ask() -> usize {
    let answer = QUESTION.with_borrow_mut(|question| {
        let answer =
            WORKPLACE.with_borrow_mut(|workplace| workplace.answer_with(question, &mut Document));
        question.zeroize();
        answer
    });
    let length = answer.len();
    ANSWER.set(answer);
    length
}

/// Where the answer is, until the next question.
#[expect(unsafe_code, reason = "an export")]
// SAFETY: no other symbol has this name.
#[unsafe(no_mangle)]
extern "C" fn workplace_answer() -> *const u8 {
    ANSWER.with_borrow(Vec::as_ptr)
}

/// Wipes the answer.
#[expect(unsafe_code, reason = "an export")]
// SAFETY: no other symbol has this name.
#[unsafe(no_mangle)]
extern "C" fn workplace_done() {
    ANSWER.with_borrow_mut(|answer| answer.zeroize());
}
