/// Finds what was seen between the ends of one outcome after the other.
///
/// Sights commonly come in the order of the outcomes that they belong to. Those that do not are looked up; of several between the same
/// ends, the last counts.
struct SightMatching {
    private let sights: Packed<SeenEnds>
    private let outcomes: Packed<ProbeOutcome>
    /// What the outcomes' ends are among the sights'.
    private let translated: (PackedEnds) -> PackedEnds?
    /// The first that has not been given yet of those that come in order.
    private var next = 0
    private let orderedCount: Int
    /// Places of the others.
    private var others: [PackedEnds: Int] = [:]

    init(_ sights: Packed<SeenEnds>, _ outcomes: Packed<ProbeOutcome>) {
        (self.sights, self.outcomes) = (sights, outcomes)
        translated = outcomes.translation(to: sights)
        var place = 0
        for index in outcomes.indices where place < sights.count && outcomes.isEcho(at: index) {
            if translated(outcomes.ends(at: index)) == sights.ends(at: place) { place += 1 }
        }
        orderedCount = place
        for place in orderedCount..<sights.count { others[sights.ends(at: place)] = place }
    }

    /// To be asked of the echoes among the outcomes, in their order.
    mutating func sight(of index: Int) -> ProbeOutcome.SightRest? {
        guard let ends = translated(outcomes.ends(at: index)) else { return nil }
        var place: Int?
        if next < orderedCount, sights.ends(at: next) == ends {
            place = next
            next += 1
        }
        return (others[ends] ?? place).map { sights.rest(at: $0) }
    }
}
