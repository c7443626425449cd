/// What a bench has found, model by model.
package struct BenchReport: Sendable {
    package enum Result: Sendable {
        case measured(BenchFigures)
        /// With the reason why it could not be.
        case unavailable(String)
    }

    package struct Row: Sendable {
        package let subject: BenchSubject
        package let result: Result

        package init(_ subject: BenchSubject, _ result: Result) {
            self.subject = subject
            self.result = result
        }

        var figures: BenchFigures? { if case .measured(let figures) = result { figures } else { nil } }
    }

    package let rows: [Row]
    package let bench: ModelBench
    /// The kernel and what it runs on.
    package let machine: String

    package init(_ rows: [Row], bench: ModelBench, machine: String) {
        self.rows = rows
        self.bench = bench
        self.machine = machine
    }

    /// Of the hosts alone and of each profile, what was measured, or why it was not.
    package init(
        _ outlooks: [ProfileOutlook], figures: [BenchSubject: BenchFigures], obstacles: [BenchSubject: String],
        bench: ModelBench, machine: String
    ) {
        let profiles = outlooks.map { (BenchSubject.profile($0.profile), $0.obstacle) }
        let rows = ([(.hosts, nil)] + profiles).map { subject, obstacle in
            let reason = obstacle ?? obstacles[subject] ?? "not measured"
            return Row(subject, figures[subject].map { .measured($0) } ?? .unavailable(reason))
        }
        self.init(rows, bench: bench, machine: machine)
    }

    package subscript(subject: BenchSubject) -> BenchFigures? {
        rows.first { $0.subject == subject }?.figures
    }

    /// In how much it is more than plain routing; nil where either was not measured.
    package func ratio(of subject: BenchSubject, _ metric: BenchMetric) -> Double? {
        guard let figures = self[subject], let baseline = self[.baseline] else { return nil }
        return figures[metric].ratio(to: baseline[metric])
    }

    /// What has to be known to read the figures.
    package var remarks: [String] {
        let seconds = { (duration: Duration) in
            Figure.significant(Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
        }
        return [
            "medians of \(bench.rounds) rounds of \(seconds(bench.duration)) s, all models in turns, after "
                + "\(seconds(bench.warmUp)) s of warm-up each; ± is half the range of the rounds; "
                + "sender and receiver have a processor each",
            "ratios are to \(BenchSubject.baseline.name), medians of the rounds' own; kpps: thousand packets a second "
                + "that arrived; CPU: of sender, receiver and forwarders, user and system",
            "veth offloads are on: where the kernel alone forwards, TCP crosses in segments of up to 64 KB, which no "
                + "wire carries",
            machine,
        ]
    }
}
