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
        let original = smallest
        shrink()
        // One that was found in haste may have been none.
        let lab = RandomLab(topology: smallest.topology, model: model)
        smallest = (try? lab.run(after: smallest.tamperings)) ?? original
    }

    private mutating func shrink() {
        while isInTime, let found = first(fewer.map { (smallest.topology, $0) }) { smallest = found.disagreement }
        // Whatever could not be left out before, rarely can be after something else has been: so on from there, and round.
        var (place, failures) = (0, 0)
        while isInTime {
            let steps = smallest.topology.reductions
            if failures >= steps.count { return isFinished = true }
            place = place < steps.count ? place : 0
            if let found = attempt(steps[place], smallest.tamperings) {
                smallest = found
                failures = 0
            } else {
                place += 1
                failures += 1
            }
        }
    }

    private var isInTime: Bool { ContinuousClock.now < deadline }

    private func first(_ steps: [(JSON, [Tampering])]) -> (index: Int, disagreement: RandomLab.Disagreement)? {
        for (index, step) in steps.enumerated() where isInTime {
            if let found = attempt(step.0, step.1) { return (index, found) }
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
        return try? RandomLab(topology: topology, model: model).run(after: tamperings, .hasty)
    }
}
