// What is asked of millions, and depends on neither ends nor numbers: one is asked of those that have all else in common.
extension Packed {
    /// Tells of each in order what `property` gives, which may go by the rest alone.
    func forEach<Value>(byRest property: (Element) -> Value, _ body: (_ index: Int, Value) -> Void) {
        var known = [Value?](repeating: nil, count: restCount)
        for index in indices {
            let number = restNumber(at: index)
            let value = known[number] ?? property(self[index])
            known[number] = value
            body(index, value)
        }
    }

    func count(byRest holds: (Element) -> Bool) -> Int {
        var count = 0
        forEach(byRest: holds) { count += $1 ? 1 : 0 }
        return count
    }

    func filter(byRest holds: (Element) -> Bool) -> [Element] {
        var elements: [Element] = []
        forEach(byRest: holds) { index, isOne in if isOne { elements.append(self[index]) } }
        return elements
    }
}
