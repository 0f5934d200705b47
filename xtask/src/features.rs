//! Features as a table, for those who want to look at them.

use std::{
    error::Error,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use crate::{dice::Dice, people, train};

/// One line an interaction: who, and every column of its facts.
pub fn write(data: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut examples = train::examples(data)?;
    examples.extend(people::to_measure(data, &mut Dice::new(2))?);
    let mut file = BufWriter::new(File::create(out)?);
    for (i, example) in examples.iter().enumerate() {
        let columns = example.facts.columns();
        if i == 0 {
            let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            writeln!(
                file,
                "source,typist,person,human,carried,{}",
                names.join(",")
            )?;
        }
        let (human, carried) = (u8::from(example.human), u8::from(example.carried));
        write!(
            file,
            "{},{},{},{human},{carried}",
            example.source, example.typist, example.person
        )?;
        for (_, value) in columns {
            write!(file, ",{value}")?;
        }
        writeln!(file)?;
    }
    Ok(file.flush()?)
}
