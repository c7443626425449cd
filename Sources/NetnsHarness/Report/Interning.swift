/// Values that many things have in common, each kept once and known by a number.
struct Interning<Value: Hashable & Sendable>: Hashable, Sendable {
    private(set) var values: [Value] = []
    private var numbers: [Value: Int32] = [:]

    subscript(number: Int32) -> Value { values[Int(number)] }

    mutating func number(of value: Value) -> Int32 {
        // Things that follow each other commonly have it in common.
        if let last = values.last, last == value { return Int32(values.count - 1) }
        if let number = numbers[value] { return number }
        let number = Int32(values.count)
        values.append(value)
        numbers[value] = number
        return number
    }
}
