import Compiler
import NetworkState
import TestSupport

/// Makes a disagreement smaller: less tampering, fewer nodes, shorter descriptions, as long as there still is one.
struct Shrinking {
    let model: RandomLab.Model
    /// Until when it may go on.
    let deadline: ContinuousClock.Instant
    private(set) var smallest: RandomLab.Disagreement
    private(set) var isFinished = false

    init(_ disagreement: RandomLab.Disagreement, _ model: @escaping RandomLab.Model, within time: Duration) {
        self.model = model
        deadline = .now + time
        smallest = disagreement
    }

    mutating func run() {
        while isBefore(deadline) {
            guard let smaller = smaller() else {
                isFinished = true
                return
            }
            smallest = smaller
        }
    }

    private func isBefore(_ deadline: ContinuousClock.Instant) -> Bool { ContinuousClock.now < deadline }

    /// The first that is, of those that are a step away.
    private func smaller() -> RandomLab.Disagreement? {
        for tamperings in fewer where isBefore(deadline) {
            if let found = attempt(smallest.topology, tamperings) { return found }
        }
        for topology in smallest.topology.reductions where isBefore(deadline) {
            if let found = attempt(topology, smallest.tamperings) { return found }
        }
        return nil
    }

    /// None of them; each alone; all but one.
    private var fewer: [[Tampering]] {
        let all = smallest.tamperings
        if all.isEmpty { return [] }
        let alone = all.count > 1 ? all.map { [$0] } : []
        let without = all.indices.map { index in
            var rest = all
            rest.remove(at: index)
            return rest
        }
        return [[]] + alone + (all.count > 2 ? without : [])
    }

    /// Nil for what is no topology any more, too.
    private func attempt(_ topology: JSON, _ tamperings: [Tampering]) -> RandomLab.Disagreement? {
        guard (try? load(SourceText(name: "random.json", text: topology.text))) != nil else { return nil }
        return try? RandomLab(topology: topology, model: model).run(after: tamperings)
    }
}
