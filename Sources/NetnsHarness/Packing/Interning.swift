/// Values that many things have in common, each kept once and known by a number.
struct Interning<Value: Hashable & Sendable>: Sendable {
    private var values: [Value] = []
    private var numbers: [Value: UInt32] = [:]
    /// The one that was asked for last: things that follow each other commonly have it in common.
    private var last = 0
    /// What came after each when it was asked for before: commonly it does so again.
    private var followers: [UInt32] = []

    /// How many there are.
    var count: Int { values.count }

    subscript(number: UInt32) -> Value { values[Int(number)] }

    func known(_ value: Value) -> UInt32? { numbers[value] }

    mutating func number(of value: Value) -> UInt32 {
        guard last < values.count else { return note(value) }
        if values[last] == value { return UInt32(last) }
        let guess = followers[last]
        if values[Int(guess)] == value {
            last = Int(guess)
            return guess
        }
        let number = numbers[value] ?? note(value)
        followers[last] = number
        last = Int(number)
        return number
    }

    private mutating func note(_ value: Value) -> UInt32 {
        let number = UInt32(values.count)
        values.append(value)
        followers.append(number)
        numbers[value] = number
        return number
    }
}
