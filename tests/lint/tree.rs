//! DER as a tree that can be changed into what is no DER.

use std::fs;
use std::path::Path;

use der::{Decode, Encode, Header, Reader, SliceReader};
use gost_ca::oid::Oid;

pub(crate) fn sample(name: &str) -> Vec<u8> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    fs::read(samples.join(name)).unwrap()
}

/// A value: its parts where it is constructed, else its contents; or octets in place of it all.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) tag: u8,
    pub(crate) contents: Vec<u8>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) octets: Option<Vec<u8>>,
}

impl Node {
    pub(crate) fn read(octets: &[u8]) -> Self {
        let mut reader = SliceReader::new(octets).unwrap();
        let header = Header::decode(&mut reader).unwrap();
        let contents = reader.read_slice(header.length()).unwrap();
        let tag = octets[0];
        if tag & 0x20 == 0 {
            return leaf(tag, contents);
        }
        let mut reader = SliceReader::new(contents).unwrap();
        let mut nodes = Vec::new();
        while !reader.is_finished() {
            nodes.push(Self::read(reader.tlv_bytes().unwrap()));
        }
        branch(tag, nodes)
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        if let Some(octets) = &self.octets {
            return octets.clone();
        }
        let parts: Vec<u8> = self.nodes.iter().flat_map(Self::write).collect();
        let contents = [self.contents.clone(), parts].concat();
        let length = der::Length::try_from(contents.len()).unwrap().to_der().unwrap();
        [vec![self.tag], length, contents].concat()
    }

    /// The field of the signed part.
    pub(crate) fn field(&mut self, index: usize) -> &mut Self {
        &mut self.nodes[0].nodes[index]
    }

    /// The list of extensions, be they stated or asked for.
    pub(crate) fn extensions(&mut self) -> &mut Vec<Self> {
        let last = self.nodes[0].nodes.last_mut().unwrap();
        match last.tag {
            0xa0 if last.nodes[0].nodes[0].tag == 0x06 => {
                &mut last.nodes[0].nodes[1].nodes[0].nodes // a request's
            }
            _ => &mut last.nodes[0].nodes,
        }
    }

    pub(crate) fn extension(&mut self, dots: &str) -> &mut Self {
        let wanted = oid(dots).write();
        self.extensions().iter_mut().find(|it| it.nodes[0].write() == wanted).unwrap()
    }

    /// The contents of an extension's `OCTET STRING`.
    pub(crate) fn value(&mut self, dots: &str) -> &mut Vec<u8> {
        &mut self.extension(dots).nodes.last_mut().unwrap().contents
    }

    /// Changes what is inside of an extension's `OCTET STRING`.
    pub(crate) fn inside(&mut self, dots: &str, change: impl FnOnce(&mut Self)) {
        let value = self.value(dots);
        let mut tree = Self::read(value);
        change(&mut tree);
        *value = tree.write();
    }

    pub(crate) fn remove(&mut self, dots: &str) {
        let wanted = oid(dots).write();
        self.extensions().retain(|it| it.nodes[0].write() != wanted);
    }

    pub(crate) fn add(&mut self, dots: &str, critical: bool, value: &[u8]) {
        let flag = critical.then(|| leaf(0x01, &[0xff]));
        let parts = [oid(dots)].into_iter().chain(flag).chain([leaf(0x04, value)]);
        let extension = branch(0x30, parts.collect());
        self.extensions().push(extension);
    }

    /// The value of an attribute of a name.
    pub(crate) fn attribute(&mut self, dots: &str) -> &mut Self {
        let wanted = oid(dots).write();
        let pairs = self.nodes.iter_mut().map(|set| &mut set.nodes[0]);
        let mut found = pairs.filter(|pair| pair.nodes[0].write() == wanted);
        &mut found.next().unwrap().nodes[1]
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.contents = text.as_bytes().to_vec();
    }
}

pub(crate) fn leaf(tag: u8, contents: &[u8]) -> Node {
    Node { tag, contents: contents.to_vec(), nodes: Vec::new(), octets: None }
}

pub(crate) fn branch(tag: u8, nodes: Vec<Node>) -> Node {
    Node { tag, contents: Vec::new(), nodes, octets: None }
}

pub(crate) fn oid(dots: &str) -> Node {
    leaf(0x06, dots.parse::<Oid>().unwrap().0.as_bytes())
}
