/// Values that many things have in common, each kept once and known by a number.
struct Interning<Value: Hashable & Sendable>: Sendable {
    private var values: [Value] = []
    /// The number of each where its hash says, or in the next free slot: a dictionary would have all values a second time. No more
    /// than half of them are taken, and they are a power of two.
    private var slots: [UInt32] = []
    /// The one that was asked for last: things that follow each other commonly have it in common.
    private var last = 0
    /// What came after each when it was asked for before: commonly it does so again.
    private var followers: [UInt32] = []

    private static var free: UInt32 { .max }

    /// How many there are.
    var count: Int { values.count }

    subscript(number: UInt32) -> Value { values[Int(number)] }

    func known(_ value: Value) -> UInt32? {
        if values.isEmpty { return nil }
        let number = slots[slot(of: value)]
        return number == Self.free ? nil : number
    }

    mutating func number(of value: Value) -> UInt32 {
        guard last < values.count else { return note(value) }
        if values[last] == value { return UInt32(last) }
        let guess = followers[last]
        if values[Int(guess)] == value {
            last = Int(guess)
            return guess
        }
        let number = known(value) ?? note(value)
        followers[last] = number
        last = Int(number)
        return number
    }

    private mutating func note(_ value: Value) -> UInt32 {
        let number = UInt32(values.count)
        if values.count * 2 >= slots.count { makeRoom() }
        slots[slot(of: value)] = number
        values.append(value)
        followers.append(number)
        return number
    }

    /// Where a value's number is, or would be.
    private func slot(of value: Value) -> Int {
        var slot = value.hashValue & (slots.count - 1)
        while slots[slot] != Self.free, values[Int(slots[slot])] != value { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private mutating func makeRoom() {
        slots = Array(repeating: Self.free, count: max(16, slots.count * 2))
        for (number, value) in values.enumerated() { slots[slot(of: value)] = UInt32(number) }
    }
}
