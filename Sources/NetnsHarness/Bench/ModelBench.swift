package import Netlink

/// Measures subjects against each other, as real tools do: each run has a warm-up that does not count, each is
/// repeated, and the subjects take turns, so that whatever else the machine does meanwhile hits all alike.
package struct ModelBench: Sendable {
    /// How long a run counts.
    package let duration: Duration
    /// How often each run is repeated.
    package let rounds: Int

    package init(duration: Duration, rounds: Int) {
        self.duration = duration
        self.rounds = rounds
    }

    /// Before each run's time begins: TCP has found its pace by then, neighbours are known, forwarders are awake.
    package var warmUp: Duration { duration / 4 }

    /// One way of using a path. Throughput and processor time are of the same run, or they would not be of the same
    /// thing.
    private enum Run: String, CaseIterable {
        case transfer
        case flood
        case roundTrips = "round trips"
    }

    /// - `paths`: a path a subject; its labs must be up.
    package func measure(
        _ paths: [(subject: BenchSubject, path: TrafficPath)], progress: (String) -> Void = { _ in }
    ) throws(SystemError) -> [BenchSubject: BenchFigures] {
        var figures: [BenchSubject: BenchFigures] = [:]
        for turn in turns(of: paths.count) {
            let (subject, path) = paths[turn.place]
            progress("round \(turn.round + 1) of \(rounds): \(subject.name), \(turn.run.rawValue)")
            do throws(SystemError) {
                try measure(turn.run, on: path, into: &figures[subject, default: BenchFigures()])
            } catch {
                throw SystemError(
                    "\(subject.name): \(error.operation)", errno: error.errno, explanation: error.explanation)
            }
        }
        return figures
    }

    private struct Turn {
        let round: Int
        let run: Run
        /// Of a path among the paths.
        let place: Int
    }

    /// Every path by one run after the other, and each round another path first: none always follows the same one.
    private func turns(of count: Int) -> [Turn] {
        (0..<rounds).flatMap { round in
            Run.allCases.flatMap { run in
                (0..<count).map { Turn(round: round, run: run, place: ($0 + round) % count) }
            }
        }
    }

    private func measure(_ run: Run, on path: TrafficPath, into figures: inout BenchFigures) throws(SystemError) {
        switch run {
        case .transfer:
            let transfer = try path.repeating { path throws(SystemError) in
                try path.transfer(warmUp: warmUp, duration: duration)
            }
            figures.append(transfer.bytesPerSecond * 8 / 1e9, to: .throughput)
            figures.append(transfer.processorSecondsPerByte * 1e9, to: .processorTime)
        case .flood:
            let flood = try path.repeating { path throws(SystemError) in
                try path.flood(payload: 64, warmUp: warmUp, duration: duration)
            }
            figures.append(flood.receivedPerSecond / 1e3, to: .packets)
        case .roundTrips:
            let times = try path.repeating { path throws(SystemError) in
                try path.roundTrips(warmUp: warmUp, duration: duration)
            }
            figures.append(Samples(times.map { Double($0) / 1e3 }).median, to: .roundTrip)
        }
    }
}

/// What one subject reached, a value a round for each metric.
package struct BenchFigures: Hashable, Sendable {
    private var samples: [BenchMetric: Samples]

    package init(_ samples: [BenchMetric: Samples] = [:]) {
        self.samples = samples
    }

    package subscript(metric: BenchMetric) -> Samples { samples[metric] ?? Samples() }

    mutating func append(_ value: Double, to metric: BenchMetric) {
        samples[metric, default: Samples()].append(value)
    }
}
