/// What measuring a benchmark has come to.
package struct Outcome: Sendable {
    package struct Omission: Hashable, Sendable, Codable {
        package let contestant: String
        package let reason: String
    }

    struct Cell: Hashable {
        let size: Int
        let contestant: String
        let phase: String
    }

    package let benchmark: Benchmark
    package let sizes: [Int]
    private var samples: [Cell: [Sample]] = [:]
    package private(set) var omissions: [Omission] = []

    package init(_ benchmark: Benchmark, sizes: [Int]) {
        self.benchmark = benchmark
        self.sizes = sizes
    }

    /// Of one round: every contestant's are added once a round, so that those of one round stand at one place.
    package mutating func add(_ sample: Sample, at size: Int, of contestant: String) {
        samples[Cell(size: size, contestant: contestant, phase: sample.phase), default: []].append(sample)
    }

    package mutating func omit(_ contestant: String, _ reason: String) {
        let omission = Omission(contestant: contestant, reason: reason)
        if !omissions.contains(omission) { omissions.append(omission) }
    }

    package func samples(_ phase: String, at size: Int, of contestant: String) -> [Sample] {
        samples[Cell(size: size, contestant: contestant, phase: phase)] ?? []
    }

    package func seconds(_ phase: String, at size: Int, of contestant: String) -> Figure? {
        Figure(samples(phase, at: size, of: contestant).map(\.seconds))
    }

    /// How many times as long `contestant` takes as `other`, in the same rounds.
    package func ratio(_ phase: String, at size: Int, of contestant: String, over other: String) -> Figure? {
        Figure(
            samples(phase, at: size, of: contestant).map(\.seconds),
            over: samples(phase, at: size, of: other).map(\.seconds))
    }

    /// Of the two largest sizes that it has been measured at.
    package func growth(_ phase: String, of contestant: String) -> Double? {
        let points = sizes.sorted().compactMap { size in
            seconds(phase, at: size, of: contestant).map { (size: size, cost: $0.median) }
        }
        guard points.count > 1 else { return nil }
        return Measuring.growth(from: points[points.count - 2], to: points[points.count - 1])
    }
}

extension Outcome {
    /// A target with what has been reached.
    package struct Verdict: Hashable, Sendable {
        package let target: Target
        package let reached: Double
        package let isMet: Bool
    }

    /// Nil where nothing was measured that would say so.
    package func verdict(on target: Target, of phase: String) -> Verdict? {
        let (name, size) = (target.contestant, target.size)
        switch target.measure {
        case .atMost(let most, let other):
            return ratio(phase, at: size, of: name, over: other).map {
                Verdict(target: target, reached: $0.median, isMet: $0.median <= most)
            }
        case .faster(let least, let other):
            return ratio(phase, at: size, of: other, over: name).map {
                Verdict(target: target, reached: $0.median, isMet: $0.median >= least)
            }
        case .seconds(let most):
            return seconds(phase, at: size, of: name).map {
                Verdict(target: target, reached: $0.median, isMet: $0.median <= most)
            }
        case .mebibytes(let most):
            return Figure(samples(phase, at: size, of: name).map(\.mebibytes)).map {
                Verdict(target: target, reached: $0.median, isMet: $0.median <= most)
            }
        }
    }
}
