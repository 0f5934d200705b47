use alloc::vec::Vec;

/// The newest samples, at most as many as its capacity. Older ones are pushed out and counted.
///
/// A sample keeps the number it was pushed under, so that it can be completed later (a key's hold is known when it comes
/// up) if it is still there.
pub struct Ring<T> {
    items: Vec<T>,
    capacity: usize,
    pushed: u32,
}

impl<T: Copy> Ring<T> {
    /// An empty ring. It grows up to `capacity` as samples come, and never again after that.
    pub fn new(capacity: usize) -> Self {
        Self {
            items: Vec::new(),
            capacity,
            pushed: 0,
        }
    }

    /// Adds a sample, and pushes out the oldest if there is no room. Returns the sample's number.
    pub fn push(&mut self, sample: T) -> u32 {
        let number = self.pushed;
        self.pushed = self.pushed.wrapping_add(1);
        if self.items.len() < self.capacity {
            self.items.push(sample);
        } else if let Some(slot) = self.slot(number) {
            *slot = sample;
        }
        number
    }

    /// The sample of that number, unless it was pushed out.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let age = self.pushed.wrapping_sub(number);
        if age == 0 || age as usize > self.items.len() {
            None
        } else {
            self.slot(number)
        }
    }

    /// How many were pushed out.
    pub fn dropped(&self) -> u32 {
        self.pushed - self.items.len() as u32
    }

    /// All that are left, oldest first.
    pub fn to_vec(&self) -> Vec<T> {
        let oldest = match self.items.len() < self.capacity {
            true => 0,
            false => self.pushed as usize % self.capacity.max(1),
        };
        let (newer, older) = self.items.split_at_checked(oldest).unwrap_or_default();
        let mut all = Vec::with_capacity(self.items.len());
        all.extend_from_slice(older);
        all.extend_from_slice(newer);
        all
    }

    fn slot(&mut self, number: u32) -> Option<&mut T> {
        self.items.get_mut(number as usize % self.capacity.max(1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Ring;

    proptest! {
        #[test]
        fn the_newest_stay_in_order_and_the_others_are_counted(
            capacity in 1usize..20,
            count in 0u32..100,
        ) {
            let mut ring = Ring::new(capacity);
            for i in 0..count {
                prop_assert_eq!(ring.push(i), i);
            }
            let first = count.saturating_sub(capacity as u32);
            prop_assert_eq!(ring.to_vec(), (first..count).collect::<Vec<_>>());
            prop_assert_eq!(ring.dropped(), first);
        }
    }

    #[test]
    fn a_sample_is_found_by_its_number_until_it_is_pushed_out() {
        let mut ring = Ring::new(3);
        for i in 0..5 {
            ring.push(i);
        }
        let found = (0..7)
            .map(|number| ring.get_mut(number).copied())
            .collect::<Vec<_>>();
        assert_eq!(found, [None, None, Some(2), Some(3), Some(4), None, None]);
    }
}
