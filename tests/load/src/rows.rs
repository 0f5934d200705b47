//! Whether a store with many spent tokens is slower.

use std::{path::Path, sync::Arc};

use serde_json::{Value, json};
use tokio::task::JoinSet;
use touchstone::environment::{Clock, SystemClock};
use touchstone_store::{
    AssessmentId, AssessmentRecord, Day, Millis, NewAssessment, Spend, Store, TokenId,
    sqlite::{Durability, SqliteOptions, SqliteStore},
};

use crate::{
    Failure, Options,
    pin::Processors,
    run::{Run, Spread},
    server::Server,
    site::Site,
    visits::Visit,
};

/// Assessments a second on stores that hold more and more spent tokens and assessments, by turns.
pub async fn measure(options: &Options) -> Result<Value, Failure> {
    let (processors, folder) = (Processors::choose()?, tempfile::tempdir()?);
    let mut arms = Vec::new();
    for rows in ROWS {
        let data = folder.path().join(rows.to_string());
        let site = Site::create(&data)?;
        fill(&data, rows).await?;
        arms.push((
            rows,
            site,
            Server::touchstone(&data, processors)?,
            Vec::new(),
        ));
    }
    for round in 0..=options.rounds {
        for (_, site, server, runs) in &mut arms {
            let work = site.assessments(options.requests.min(MOST), Visit::Quiet)?;
            let run = Run::of(server, &work, CONNECTIONS).await?;
            // The first round warms up.
            if round > 0 {
                runs.push(run);
            }
        }
    }
    println!(
        "{:>10} {:>28} {:>28}",
        "rows", "per second", "per processor second"
    );
    let mut figures = Vec::new();
    for (rows, _, _, runs) in &arms {
        let rate = Spread::of(runs, |run| run.per_second);
        let processor = Spread::of(runs, |run| run.per_processor_second);
        println!("{rows:>10} {:>28} {:>28}", rate.cell(0), processor.cell(0));
        figures.push(json!({"rows": rows, "perSecond": rate, "perProcessorSecond": processor}));
    }
    Ok(figures.into())
}

/// Puts spent tokens and their assessments into the store of a data directory.
async fn fill(data: &Path, rows: u64) -> Result<(), Failure> {
    let now = SystemClock.now();
    let options = SqliteOptions {
        durability: Durability::Off,
        ..SqliteOptions::default()
    };
    let store = SqliteStore::open(&data.join("touchstone.db"), &options, Millis(now - MINUTES))?;
    let store = Arc::new(store);
    let mut tasks = JoinSet::new();
    for first in 0..FILLERS {
        let store = store.clone();
        tasks.spawn(async move {
            let mut random = fastrand::Rng::with_seed(first);
            for _ in (first..rows).step_by(FILLERS as usize) {
                let time = Millis(now - random.u64(..MINUTES));
                store.assess(spent(time, &mut random)?).await?;
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    store.close().await;
    Ok(())
}

fn spent(time: Millis, random: &mut fastrand::Rng) -> Result<NewAssessment, Failure> {
    let mut id = || {
        let mut tail = [0; 10];
        random.fill(&mut tail);
        TokenId::new(time, tail)
    };
    let (token_id, other) = (id(), id());
    let record = AssessmentRecord {
        id: AssessmentId(token_id.0),
        project: "shop".parse()?,
        site_key: format!("6L{}", "x".repeat(38)).parse()?,
        created_at: time,
        action: "login".to_owned(),
        score: 0.9,
        reasons: Vec::new(),
        valid: true,
        invalid_reason: 0,
        account: None,
    };
    let if_duplicate = AssessmentRecord {
        id: other.into(),
        valid: false,
        ..record.clone()
    };
    Ok(NewAssessment {
        record,
        spend: Some(Spend {
            token_id,
            if_duplicate,
        }),
        idempotency: None,
        sketch: None,
        profile: None,
        day: Day(0),
        challenge: None,
        now: time,
    })
}

const ROWS: [u64; 4] = [2_000, 20_000, 200_000, 1_000_000];
const CONNECTIONS: usize = 128;
const FILLERS: u64 = 256;
/// Tokens were issued within the last ten minutes: none is forgotten while this runs.
const MINUTES: u64 = 10 * 60_000;
/// Requests of a measurement: so few that the smallest store stays much smaller than the next.
const MOST: usize = 2_000;
