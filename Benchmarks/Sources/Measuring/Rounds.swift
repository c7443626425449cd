/// Measures side by side: in each round every contestant has its turn, and each begins a round once, so that what else the
/// machine does befalls all alike.
package struct Rounds {
    /// Runs a script and gives what it measured, or why it could not.
    package typealias Run = (_ script: String) -> Result<[Sample], Failure>

    package struct Failure: Error, Hashable, Sendable {
        package let reason: String

        package init(_ reason: String) { self.reason = reason }
    }

    private let count: Int
    private let run: Run
    private let isThere: (String) -> Bool
    private let progress: (String) -> Void

    /// - `isThere`: whether what a contestant needs is there.
    package init(
        _ count: Int, isThere: @escaping (String) -> Bool, progress: @escaping (String) -> Void = { _ in },
        run: @escaping Run
    ) {
        self.count = count
        self.run = run
        self.isThere = isThere
        self.progress = progress
    }

    package func measure(_ benchmark: Benchmark, sizes: [Int]) -> Outcome {
        var outcome = Outcome(benchmark, sizes: sizes)
        var able: [Contestant] = []
        for contestant in benchmark.contestants {
            let lacking = contestant.needs.filter { !isThere($0) }
            if lacking.isEmpty { able.append(contestant) }
            if !lacking.isEmpty { outcome.omit(contestant.name, "there is no \(lacking.joined(separator: ", "))") }
        }
        for size in sizes { measure(size, &able, &outcome) }
        return outcome
    }

    /// Who fails has no further turns.
    private func measure(_ size: Int, _ able: inout [Contestant], _ outcome: inout Outcome) {
        for contestant in able where contestant.largest < size {
            outcome.omit(contestant.name, "takes too long with \(size) \(outcome.benchmark.unit)")
        }
        for round in 0..<count {
            let due = able.filter { $0.largest >= size }
            for place in due.indices {
                let contestant = due[(place + round) % due.count]
                progress("\(outcome.benchmark.name) \(size): round \(round + 1) of \(count), \(contestant.name)")
                switch run(contestant.script(size)) {
                case .success(let samples): for sample in samples { outcome.add(sample, at: size, of: contestant.name) }
                case .failure(let failure):
                    outcome.omit(contestant.name, "with \(size) \(outcome.benchmark.unit): \(failure.reason)")
                    able.removeAll { $0.name == contestant.name }
                }
            }
        }
    }
}
