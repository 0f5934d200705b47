//! One assessment through the JSON door: the request in, the answer out.

use criterion::{Criterion, criterion_group, criterion_main};
use touchstone_api::{
    EnumStyle, Overlay, decode, encode, encode_assessment,
    v1::{Assessment, RiskAnalysis, TokenProperties},
};

fn assessment_json(criterion: &mut Criterion) {
    let request = format!(
        r#"{{"event":{{"token":"{}","siteKey":"6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI","userAgent":"{}",
        "userIpAddress":"203.0.113.7","expectedAction":"login","userInfo":{{"accountId":"u1"}}}}}}"#,
        "A".repeat(1200),
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    );
    criterion.bench_function("decode request", |bencher| {
        bencher.iter(|| decode::<Assessment>(std::hint::black_box(request.as_bytes())));
    });

    let answer = Assessment {
        name: "projects/my-project/assessments/0123456789abcdef0123456789abcdef".to_owned(),
        risk_analysis: Some(RiskAnalysis {
            score: 0.9,
            ..RiskAnalysis::default()
        }),
        token_properties: Some(TokenProperties {
            valid: true,
            hostname: "www.example.com".to_owned(),
            action: "login".to_owned(),
            create_time: Some(prost_types::Timestamp {
                seconds: 1_553_775_857,
                nanos: 894_000_000,
            }),
            ..TokenProperties::default()
        }),
        ..decode(request.as_bytes()).unwrap_or_default()
    };
    let overlay = Overlay {
        client_signals_failed: Some(false),
        ..Overlay::default()
    };
    criterion.bench_function("encode answer", |bencher| {
        bencher
            .iter(|| encode_assessment(std::hint::black_box(&answer), &overlay, EnumStyle::Names));
    });
    criterion.bench_function("encode answer by way of a value", |bencher| {
        bencher.iter(|| {
            encode(std::hint::black_box(&answer), EnumStyle::Names).map(|value| value.to_string())
        });
    });
}

criterion_group!(benches, assessment_json);
criterion_main!(benches);
