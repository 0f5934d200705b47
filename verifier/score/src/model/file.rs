//! The model's file: a magic word, then the parts. All numbers little-endian.
//!
//! ```text
//! "TSBM" version:u8 parts:u8
//! part: kind:u8 inputs:u8 hash of their names:u64 few:scale many:scale trees:u16
//! scale: seen:u16 rare:f32 low:f32 middle:f32
//! tree: nodes:u8 (value:f32 input:u8 [threshold:f32 left:u8])…      input 255: a leaf
//! ```

use touchstone_protocol::fnv1a64;

use super::{
    Model, Node, Part, PartModel, Scale, Scales, Tree,
    tree::{MOST_NODES, Split},
};

/// Why bytes are no model for this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// They do not begin as a model does, or with another version.
    #[error("not a model of this version")]
    Magic,
    /// They end early, or go on.
    #[error("the model has another length")]
    Length,
    /// It was trained for other features than this build computes.
    #[error("the model is for other features")]
    Inputs,
    /// A tree is too deep, has an input that there is not, or a number that is none.
    #[error("a tree of the model is not sound")]
    Tree,
}

impl Model {
    /// Reads what [`Model::encode`] wrote. Whatever the bytes, the result evaluates without end or panic.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut input = Input(bytes);
        if input.take::<4>()? != MAGIC || input.byte()? != VERSION {
            return Err(ModelError::Magic);
        }
        let count = input.byte()?;
        let mut parts: Vec<PartModel> = Vec::with_capacity(usize::from(count.min(8)));
        for _ in 0..count {
            let part = PartModel::read(&mut input)?;
            if parts.iter().any(|other| other.part == part.part) {
                return Err(ModelError::Inputs);
            }
            parts.push(part);
        }
        match input.0.is_empty() {
            true => Ok(Self::new(parts)),
            false => Err(ModelError::Length),
        }
    }

    /// The file's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend([VERSION, self.parts().len() as u8]);
        for model in self.parts() {
            let inputs = model.part.inputs();
            out.extend([model.part as u8, inputs.len() as u8]);
            out.extend(names_hash(model.part).to_le_bytes());
            for (seen, Scale { rare, low, middle }) in [model.scales.few, model.scales.many] {
                out.extend(seen.to_le_bytes());
                for border in [rare, low, middle] {
                    out.extend(border.to_le_bytes());
                }
            }
            out.extend((model.trees.len() as u16).to_le_bytes());
            for tree in &model.trees {
                out.push(tree.nodes.len() as u8);
                tree.nodes.iter().for_each(|node| node.write(&mut out));
            }
        }
        out
    }
}

impl PartModel {
    fn read(input: &mut Input<'_>) -> Result<Self, ModelError> {
        let kind = input.byte()?;
        let part = Part::ALL.iter().find(|part| **part as u8 == kind);
        let part = *part.ok_or(ModelError::Inputs)?;
        let inputs = part.inputs().len();
        if usize::from(input.byte()?) != inputs
            || u64::from_le_bytes(input.take()?) != names_hash(part)
        {
            return Err(ModelError::Inputs);
        }
        let scales = Scales {
            few: read_scale(input)?,
            many: read_scale(input)?,
        };
        if scales.few.0 >= scales.many.0 {
            return Err(ModelError::Tree);
        }
        let count = u16::from_le_bytes(input.take()?);
        let mut trees = Vec::with_capacity(usize::from(count.min(1_024)));
        for _ in 0..count {
            let nodes = usize::from(input.byte()?).min(MOST_NODES + 1);
            let nodes = (0..nodes)
                .map(|_| Node::read(input))
                .collect::<Result<_, _>>()?;
            let tree = Tree { nodes };
            if !tree.is_sound(inputs) {
                return Err(ModelError::Tree);
            }
            trees.push(tree);
        }
        Ok(Self {
            part,
            scales,
            trees,
        })
    }
}

fn read_scale(input: &mut Input<'_>) -> Result<(u16, Scale), ModelError> {
    let seen = u16::from_le_bytes(input.take()?);
    let scale = Scale {
        rare: input.number()?,
        low: input.number()?,
        middle: input.number()?,
    };
    let Scale { rare, low, middle } = scale;
    match rare.is_finite() && rare < low && low < middle && middle.is_finite() {
        true => Ok((seen, scale)),
        false => Err(ModelError::Tree),
    }
}

impl Node {
    fn read(input: &mut Input<'_>) -> Result<Self, ModelError> {
        let value = input.number()?;
        let split = match input.byte()? {
            LEAF => None,
            of => Some(Split {
                input: of,
                threshold: input.number()?,
                left: input.byte()?,
            }),
        };
        Ok(Self { value, split })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.value.to_le_bytes());
        match self.split {
            None => out.push(LEAF),
            Some(split) => {
                out.push(split.input);
                out.extend(split.threshold.to_le_bytes());
                out.push(split.left);
            }
        }
    }
}

struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let (head, rest) = self.0.split_first_chunk().ok_or(ModelError::Length)?;
        self.0 = rest;
        Ok(*head)
    }

    fn byte(&mut self) -> Result<u8, ModelError> {
        Ok(self.take::<1>()?[0])
    }

    fn number(&mut self) -> Result<f32, ModelError> {
        Ok(f32::from_le_bytes(self.take()?))
    }
}

fn names_hash(part: Part) -> u64 {
    let names: Vec<&str> = part.inputs().iter().map(|input| input.name).collect();
    fnv1a64(names.join(",").as_bytes())
}

const MAGIC: [u8; 4] = *b"TSBM";
const VERSION: u8 = 2;
const LEAF: u8 = 255;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_shipped_file_reads_and_keeps_its_bounds() {
        let model = Model::parse(super::super::FILE).unwrap();
        assert_eq!(model.parts().len(), Part::ALL.len());
        assert_eq!(model.encode(), super::super::FILE);
        assert!(super::super::FILE.len() <= 300_000);
    }

    proptest! {
        #[test]
        fn a_damaged_file_is_an_error_or_a_sound_model(place in 0usize..4_000, byte: u8, cut in 0usize..4_000) {
            let mut bytes = super::super::FILE.to_vec();
            let place = place % bytes.len();
            bytes[place] = byte;
            if let Ok(model) = Model::parse(&bytes) {
                prop_assert_eq!(model.encode(), bytes.clone());
            }
            prop_assert!(Model::parse(&bytes[..cut % bytes.len()]).is_err());
        }
    }
}
