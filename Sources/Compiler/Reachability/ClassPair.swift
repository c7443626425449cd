/// Of two classes of ends, a pair that stands for all.
struct ClassPair: Hashable {
    let from: Int
    let to: Int
    /// How many ordered pairs they are.
    let count: Int

    /// Nil for a class of one and itself.
    init?(_ first: [Int], _ second: [Int]) {
        let isOne = first[0] == second[0]
        count = first.count * (isOne ? first.count - 1 : second.count)
        guard count > 0 else { return nil }
        (from, to) = (first[0], isOne ? second[1] : second[0])
    }
}
