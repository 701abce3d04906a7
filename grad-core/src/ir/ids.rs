//! Sets and maps of nodes, and a hasher for small keys.
//!
//! A macro is usually built without optimisation, and there a hash map of the standard library is most of the time
//! that an expansion takes. Ids are small and dense: what is kept for many nodes of a graph stands in a vector.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Index;

use super::NodeId;

/// A hash map that is cheap to ask, and the same in each run. For what is kept for few of many nodes.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<QuickHasher>>;
pub type Set<K> = HashSet<K, BuildHasherDefault<QuickHasher>>;

/// Multiplies and rotates. Nobody chooses the keys so that they collide.
#[derive(Default)]
pub struct QuickHasher(u64);

impl QuickHasher {
    #[inline]
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.mix(word.into());
    }

    fn write_u32(&mut self, word: u32) {
        self.mix(word.into());
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64);
    }

    fn write_isize(&mut self, word: isize) {
        self.mix(word as u64);
    }

    fn finish(&self) -> u64 {
        // The table takes its bits from both ends, and a product has its best ones in front.
        self.0.rotate_left(26)
    }
}

/// Nodes, a bit each. Goes through them by id: operands before their users.
#[derive(Clone, Debug, Default)]
pub struct IdSet {
    words: Vec<u64>,
}

impl IdSet {
    pub fn new() -> IdSet {
        IdSet::default()
    }

    /// Whether the node was not there before.
    pub fn insert(&mut self, id: NodeId) -> bool {
        let (word, bit) = place(id);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let word = &mut self.words[word];
        let before = *word;
        *word = before | bit;
        before & bit == 0
    }

    pub fn contains(&self, id: &NodeId) -> bool {
        let (word, bit) = place(*id);
        word < self.words.len() && self.words[word] & bit != 0
    }

    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// The nodes in ascending order.
    pub fn sorted(&self) -> Vec<NodeId> {
        let mut found = Vec::new();
        for (at, &word) in self.words.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                found.push(NodeId(at as u32 * 64 + rest.trailing_zeros()));
                rest &= rest - 1;
            }
        }
        found
    }
}

impl IntoIterator for &IdSet {
    type Item = NodeId;
    type IntoIter = std::vec::IntoIter<NodeId>;

    fn into_iter(self) -> Self::IntoIter {
        self.sorted().into_iter()
    }
}

impl IntoIterator for IdSet {
    type Item = NodeId;
    type IntoIter = std::vec::IntoIter<NodeId>;

    fn into_iter(self) -> Self::IntoIter {
        self.sorted().into_iter()
    }
}

fn place(id: NodeId) -> (usize, u64) {
    (id.0 as usize / 64, 1 << (id.0 % 64))
}

impl Extend<NodeId> for IdSet {
    fn extend<I: IntoIterator<Item = NodeId>>(&mut self, ids: I) {
        for id in ids {
            self.insert(id);
        }
    }
}

impl FromIterator<NodeId> for IdSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(ids: I) -> IdSet {
        let mut set = IdSet::new();
        set.extend(ids);
        set
    }
}

/// Something for each of many nodes.
#[derive(Clone, Debug)]
pub struct IdMap<V> {
    values: Vec<Option<V>>,
}

impl<V> Default for IdMap<V> {
    fn default() -> IdMap<V> {
        IdMap { values: Vec::new() }
    }
}

impl<V> IdMap<V> {
    pub fn new() -> IdMap<V> {
        IdMap::default()
    }

    /// The place of a node's value.
    pub fn slot(&mut self, id: NodeId) -> &mut Option<V> {
        let at = id.0 as usize;
        if at >= self.values.len() {
            self.values.resize_with(at + 1, || None);
        }
        &mut self.values[at]
    }

    pub fn insert(&mut self, id: NodeId, value: V) -> Option<V> {
        self.slot(id).replace(value)
    }

    pub fn remove(&mut self, id: &NodeId) -> Option<V> {
        self.slot(*id).take()
    }

    pub fn get(&self, id: &NodeId) -> Option<&V> {
        match self.values.get(id.0 as usize) {
            Some(value) => value.as_ref(),
            None => None,
        }
    }

    pub fn contains_key(&self, id: &NodeId) -> bool {
        self.get(id).is_some()
    }

    /// The nodes and their values, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &V)> {
        let values = self.values.iter().enumerate();
        values.filter_map(|(at, value)| value.as_ref().map(|value| (NodeId(at as u32), value)))
    }

    pub fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none)
    }
}

impl<V> Index<&NodeId> for IdMap<V> {
    type Output = V;

    fn index(&self, id: &NodeId) -> &V {
        self.get(id).expect("the node has a value")
    }
}

impl<V> FromIterator<(NodeId, V)> for IdMap<V> {
    fn from_iter<I: IntoIterator<Item = (NodeId, V)>>(values: I) -> IdMap<V> {
        let mut map = IdMap::new();
        for (id, value) in values {
            map.insert(id, value);
        }
        map
    }
}
