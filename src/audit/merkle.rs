//! Merkle trees after RFC 9162 §2.1, over any hash; ours are over Streebog-256.
//!
//! All functions are pure. Proofs are lists of hashes: whoever checks one needs no tree.

use gost_hash::streebog256;

/// A hash of the tree.
pub type Hash = [u8; 32];

/// How leaves and inner nodes are hashed: never alike.
pub trait TreeHash {
    /// The hash of a leaf.
    fn leaf(data: &[u8]) -> Hash;
    /// The hash of two subtrees.
    fn node(left: &Hash, right: &Hash) -> Hash;
}

/// Streebog-256: a leaf is `H(0x10 ‖ data)`, a node `H(0x11 ‖ left ‖ right)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing in it")]
pub struct Streebog;

impl TreeHash for Streebog {
    fn leaf(data: &[u8]) -> Hash {
        streebog256(&[&[0x10], data].concat())
    }

    fn node(left: &Hash, right: &Hash) -> Hash {
        streebog256(&[&[0x11][..], left, right].concat())
    }
}

/// A tree that grows at its end: of each complete subtree only the root is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The roots of complete subtrees, the greatest first.
    roots: Vec<Hash>,
}

impl Frontier {
    /// How many leaves it has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf, by its hash.
    pub fn push<H: TreeHash>(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // each set bit at the end of the size is a subtree that is complete now
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = H::node(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// The root; none of an empty tree.
    pub fn root<H: TreeHash>(&self) -> Option<Hash> {
        let (last, others) = self.roots.split_last()?;
        Some(others.iter().rev().fold(*last, |right, left| H::node(left, &right)))
    }
}

/// The root over the hashes of leaves; none where there are none.
pub fn root<H: TreeHash>(leaves: &[Hash]) -> Option<Hash> {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.push::<H>(*leaf);
    }
    frontier.root::<H>()
}

/// Proves that the leaf of this number is one of these (RFC 9162 §2.1.3.1); none where it is not.
pub fn inclusion<H: TreeHash>(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (inclusion::<H>(left, index)?, root::<H>(right)?),
        Some(index) => (inclusion::<H>(right, index)?, root::<H>(left)?),
    };
    path.push(sibling);
    Some(path)
}

/// The root that a leaf and its proof come to (RFC 9162 §2.1.3.2); none where the proof cannot be one.
pub fn root_of_inclusion<H: TreeHash>(
    leaf: &Hash,
    (index, size): (u64, u64),
    proof: &[Hash],
) -> Option<Hash> {
    let mut last = size.checked_sub(1)?;
    let mut at = index;
    if at > last {
        return None;
    }
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            hash = H::node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = H::node(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some(hash)
}

/// Proves that a tree of the first leaves is a prefix of the whole (RFC 9162 §2.1.4.1).
///
/// None where there are not so many, or none at all. Empty where the first tree is the whole.
pub fn consistency<H: TreeHash>(leaves: &[Hash], first: usize) -> Option<Vec<Hash>> {
    (first != 0 && first <= leaves.len()).then(|| sub_consistency::<H>(leaves, first, true))?
}

fn sub_consistency<H: TreeHash>(leaves: &[Hash], first: usize, known: bool) -> Option<Vec<Hash>> {
    if first == leaves.len() {
        // the root of the first tree itself is known to whoever checks
        return if known { Some(Vec::new()) } else { root::<H>(leaves).map(|root| vec![root]) };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut proof, sibling) = match first.checked_sub(left.len()).filter(|rest| *rest > 0) {
        None => (sub_consistency::<H>(left, first, known)?, root::<H>(right)?),
        Some(rest) => (sub_consistency::<H>(right, rest, false)?, root::<H>(left)?),
    };
    proof.push(sibling);
    Some(proof)
}

/// Whether the tree of the first size and root is a prefix of the second one (RFC 9162 §2.1.4.2).
pub fn is_consistent<H: TreeHash>(
    (first_size, first_root): (u64, &Hash),
    (second_size, second_root): (u64, &Hash),
    proof: &[Hash],
) -> bool {
    if first_size == second_size {
        return first_size != 0 && proof.is_empty() && first_root == second_root;
    }
    let (Some(mut at), Some(mut last)) = (first_size.checked_sub(1), second_size.checked_sub(1))
    else {
        return false;
    };
    let own = if first_size.is_power_of_two() { &[*first_root][..] } else { &[] };
    let mut hashes = own.iter().chain(proof);
    let Some(start) = hashes.next().filter(|_| at < last) else { return false };
    let shift = at.trailing_ones();
    (at, last) = (at >> shift, last >> shift);
    let (mut first, mut second) = (*start, *start);
    for hash in hashes {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            (first, second) = (H::node(hash, &first), H::node(hash, &second));
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            second = H::node(&second, hash);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && first == *first_root && second == *second_root
}

/// The greatest power of two below a size above one.
const fn split(size: usize) -> usize {
    size.div_ceil(2).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(size: u32) -> Vec<Hash> {
        (0..size).map(|number| Streebog::leaf(&number.to_be_bytes())).collect()
    }

    fn number(size: usize) -> u64 {
        u64::try_from(size).unwrap()
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proved_and_no_other() {
        for size in 1..=33 {
            let leaves = leaves(size);
            let root = root::<Streebog>(&leaves);
            for (index, leaf) in leaves.iter().enumerate() {
                let proof = inclusion::<Streebog>(&leaves, index).unwrap();
                let place = (number(index), number(leaves.len()));
                assert_eq!(root_of_inclusion::<Streebog>(leaf, place, &proof), root);
                for other in 0..place.1 {
                    let wrong = root_of_inclusion::<Streebog>(leaf, (other, place.1), &proof);
                    assert_eq!(wrong == root, other == place.0, "{size} {index} {other}");
                }
                assert_eq!(root_of_inclusion::<Streebog>(leaf, (place.1, place.1), &proof), None);
                let longer = [proof, vec![[0; 32]]].concat();
                assert_ne!(root_of_inclusion::<Streebog>(leaf, place, &longer), root);
            }
        }
    }

    #[test]
    fn every_prefix_of_every_small_tree_is_proved_and_no_other() {
        for size in 1..=33 {
            let leaves = leaves(size);
            let whole = (number(leaves.len()), root::<Streebog>(&leaves).unwrap());
            for first in 1..=leaves.len() {
                let proof = consistency::<Streebog>(&leaves, first).unwrap();
                let part = root::<Streebog>(&leaves[..first]).unwrap();
                let holds = |size, root: &Hash, proof: &[Hash]| {
                    is_consistent::<Streebog>((size, root), (whole.0, &whole.1), proof)
                };
                assert!(holds(number(first), &part, &proof), "{first} of {size}");
                assert!(!holds(number(first), &[7; 32], &proof));
                assert!(!holds(0, &part, &proof));
                assert!(!holds(whole.0.saturating_add(1), &part, &proof));
                for place in 0..proof.len() {
                    let mut other = proof.clone();
                    other[place][0] ^= 1;
                    assert!(!holds(number(first), &part, &other), "{first} of {size}: {place}");
                    assert!(!holds(number(first), &part, &proof[..place]));
                }
            }
        }
    }

    /// The trees of Certificate Transparency: RFC 6962 over SHA-256.
    struct Sha256;

    impl TreeHash for Sha256 {
        fn leaf(data: &[u8]) -> Hash {
            use sha2::Digest as _;
            sha2::Sha256::digest([&[0], data].concat()).into()
        }

        fn node(left: &Hash, right: &Hash) -> Hash {
            use sha2::Digest as _;
            sha2::Sha256::digest([&[1][..], left, right].concat()).into()
        }
    }

    /// The inputs and roots of the reference implementation's tests (google/certificate-transparency,
    /// `merkle_tree_test`; github.com/transparency-dev/merkle, `testonly/constants.go`).
    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let inputs = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let leaves: Vec<Hash> =
            inputs.iter().map(|input| Sha256::leaf(&crate::hex::decode(input).unwrap())).collect();
        for (size, expected) in (1..).zip(roots) {
            let root = root::<Sha256>(&leaves[..size]).unwrap();
            assert_eq!(crate::hex::encode(&root), expected, "{size} leaves");
        }
        // of the same tests: leaf 5 of 8 (from 0), and 6 of 8
        let proof = inclusion::<Sha256>(&leaves, 5).unwrap();
        let proof: Vec<_> = proof.iter().map(|hash| crate::hex::encode(hash)).collect();
        assert_eq!(
            proof,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    #[test]
    fn trees_of_nothing_prove_nothing() {
        assert_eq!(root::<Streebog>(&[]), None);
        assert_eq!(inclusion::<Streebog>(&[], 0), None);
        assert_eq!(consistency::<Streebog>(&leaves(3), 0), None);
        assert_eq!(consistency::<Streebog>(&leaves(3), 4), None);
        assert_eq!(root_of_inclusion::<Streebog>(&[0; 32], (0, 0), &[]), None);
    }

    #[test]
    fn leaves_are_no_nodes() {
        let (left, right) = ([1; 32], [2; 32]);
        assert_ne!(Streebog::leaf(&[left, right].concat()), Streebog::node(&left, &right));
    }
}
