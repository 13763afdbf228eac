//! The biological generator: filled by events, refusing before and after damage.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use gost_ca::provider::{ErrorKind, Result, Rng, RngKind};
use gost_ca_conformance as conformance;
use gost_ca_software::biological::recorded::insecure_events_of_recording;
use gost_ca_software::biological::{Event, Kind};
use gost_ca_software::{BiologicalRng, SystemRng};

fn recording() -> Vec<Event> {
    let text = include_str!("../../../examples/data/events.json");
    insecure_events_of_recording(text).unwrap_or_default()
}

/// A system that gives the same for ever: only the events differ.
#[derive(Debug)]
struct Constant;

impl Rng for Constant {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        out.fill(7);
        Ok(())
    }
    fn kind(&self) -> RngKind {
        RngKind::System
    }
}

fn fed(system: Arc<dyn Rng>, events: &[Event]) -> Result<BiologicalRng> {
    let rng = BiologicalRng::new(system);
    events.iter().try_for_each(|event| rng.feed(event))?;
    Ok(rng)
}

fn draw(rng: &BiologicalRng) -> Result<[u8; 32]> {
    let mut octets = [0; 32];
    rng.fill(&mut octets)?;
    Ok(octets)
}

#[test]
fn refuses_until_it_is_full() {
    let rng = BiologicalRng::new(Arc::new(SystemRng));
    let mut last = 0;
    for (number, event) in recording().iter().enumerate() {
        let percent = rng.percent();
        assert!(percent >= last, "progress never falls");
        assert_eq!(draw(&rng).is_ok(), percent == 100);
        if percent < 100 {
            assert_eq!(*draw(&rng).unwrap_err().kind(), ErrorKind::Unavailable);
            assert!(number < 600, "a person has something else to do");
        }
        last = percent;
        rng.feed(event).unwrap();
    }
    assert_eq!(last, 100);
    assert_eq!(rng.kind(), RngKind::Biological);
    conformance::rng(&rng).assert_conformant(&[]);
}

#[test]
fn neither_source_alone_decides() {
    let events = recording();
    let mut others = events.clone();
    others[17].at += 1;
    let draw_of =
        |system: Arc<dyn Rng>, events: &[Event]| draw(&fed(system, events).unwrap()).unwrap();
    let first = draw_of(Arc::new(Constant), &events);
    assert_eq!(first, draw_of(Arc::new(Constant), &events), "the same of the same");
    assert_ne!(first, draw_of(Arc::new(Constant), &others), "one microsecond");
    assert_ne!(first, draw_of(Arc::new(SystemRng), &events), "another system");
}

#[test]
fn further_events_reseed() {
    let events = recording();
    let mut more = events.clone();
    more.last_mut().unwrap().at += 1;
    // The last event lies beyond the first seed and reaches the next one only.
    let again = |mut events: Vec<Event>| {
        let shift = events.last().unwrap().at;
        let shifted: Vec<_> =
            recording().iter().map(|e| Event { at: e.at + shift, ..*e }).collect();
        events.extend(shifted);
        draw(&fed(Arc::new(Constant), &events).unwrap()).unwrap()
    };
    assert_ne!(again(events), again(more));
}

#[test]
fn a_script_fails_for_good() {
    let rng = BiologicalRng::new(Arc::new(SystemRng));
    let script =
        |n: u16| Event { at: u64::from(n) * 8000, kind: Kind::Pointer(i32::from(n) * 2, 5) };
    let refusal = (0..200).find_map(|n| rng.feed(&script(n)).err()).unwrap();
    assert_eq!(*refusal.kind(), ErrorKind::Fault);
    assert_eq!(rng.percent(), 0);
    for event in recording() {
        assert_eq!(*rng.feed(&event).unwrap_err().kind(), ErrorKind::Fault);
    }
    assert_eq!(*draw(&rng).unwrap_err().kind(), ErrorKind::Fault);
}

/// Refuses some calls, as a system that is still starting does.
#[derive(Debug, Default)]
struct Late(AtomicU32);

impl Rng for Late {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0..3 => Err(ErrorKind::Unavailable.at("late")),
            _ => SystemRng.fill(out),
        }
    }
    fn kind(&self) -> RngKind {
        RngKind::System
    }
}

#[test]
fn nothing_flows_without_the_system() {
    let rng = BiologicalRng::new(Arc::new(Late::default()));
    let refusals = recording().iter().filter(|event| rng.feed(event).is_err()).count();
    assert_eq!(refusals, 3, "each event after it was full enough tried again");
    assert_eq!(rng.percent(), 100);
    draw(&rng).unwrap();
}

#[test]
fn recordings_are_lines_or_an_array() {
    let lines = "{\"at\": 1, \"key\": 65}\n\n{\"at\": 2, \"pointer\": [3, -4]}\n";
    let array = "[{\"at\": 1, \"key\": 65}, {\"at\": 2, \"pointer\": [3, -4]}]";
    let events =
        [Event { at: 1, kind: Kind::Key(65) }, Event { at: 2, kind: Kind::Pointer(3, -4) }];
    assert_eq!(insecure_events_of_recording(lines).unwrap(), events);
    assert_eq!(insecure_events_of_recording(array).unwrap(), events);
    for bad in ["{}", "[1]", "{\"at\": 1}", "{\"at\": -1, \"key\": 1}", "x"] {
        let refused = insecure_events_of_recording(bad).unwrap_err();
        assert_eq!(*refused.kind(), ErrorKind::Invalid, "{bad}");
    }
}
