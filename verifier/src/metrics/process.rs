//! What the operating system tells of the process, under the names that Prometheus' own clients use. Linux alone.

use prometheus_client::registry::Registry;

/// The registry of the process's own figures; empty where the system does not tell them.
pub(super) fn registry() -> Registry {
    #[cfg(target_os = "linux")]
    let registry = {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(linux::Process));
        registry
    };
    #[cfg(not(target_os = "linux"))]
    let registry = Registry::default();
    registry
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fmt;

    use procfs::process::{LimitValue, Process as Proc};
    use prometheus_client::{
        collector::Collector,
        encoding::{DescriptorEncoder, EncodeMetric},
        metrics::{counter::ConstCounter, gauge::ConstGauge},
    };

    /// Read anew for each scrape.
    #[derive(Debug)]
    pub(super) struct Process;

    impl Collector for Process {
        fn encode(&self, mut to: DescriptorEncoder<'_>) -> fmt::Result {
            let Ok(process) = Proc::myself() else {
                return Ok(());
            };
            if let Ok(stat) = process.stat() {
                let ticks = procfs::ticks_per_second() as f64;
                let cpu = (stat.utime + stat.stime) as f64 / ticks;
                let help = "Processor time of user and system, in seconds";
                write(
                    &mut to,
                    "process_cpu_seconds",
                    help,
                    &ConstCounter::new(cpu),
                )?;
                let resident = stat.rss.saturating_mul(procfs::page_size()) as f64;
                gauge(
                    &mut to,
                    "process_resident_memory_bytes",
                    "Memory that is resident",
                    resident,
                )?;
                let help = "Memory that is addressed";
                gauge(
                    &mut to,
                    "process_virtual_memory_bytes",
                    help,
                    stat.vsize as f64,
                )?;
                gauge(
                    &mut to,
                    "process_threads",
                    "Threads",
                    stat.num_threads as f64,
                )?;
                if let Ok(boot) = procfs::boot_time_secs() {
                    let started = boot as f64 + stat.starttime as f64 / ticks;
                    let help = "When the process started";
                    gauge(&mut to, "process_start_time_seconds", help, started)?;
                }
            }
            if let Ok(open) = process.fd_count() {
                gauge(&mut to, "process_open_fds", "Open files", open as f64)?;
            }
            if let Ok(limits) = process.limits()
                && let LimitValue::Value(most) = limits.max_open_files.soft_limit
            {
                let help = "How many files may be open";
                gauge(&mut to, "process_max_fds", help, most as f64)?;
            }
            Ok(())
        }
    }

    fn gauge(to: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: f64) -> fmt::Result {
        write(to, name, help, &ConstGauge::new(value))
    }

    fn write(
        to: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
        metric: &impl EncodeMetric,
    ) -> fmt::Result {
        metric.encode(to.encode_descriptor(name, help, None, metric.metric_type())?)
    }
}
