extension Array where Element: Hashable {
    /// Each element once, in the order of its first place.
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Array {
    /// The same with the first element of each kind before all others, for whoever sees no more than the beginning.
    func leading<Kind: Hashable>(byKind kind: (Element) -> Kind) -> [Element] {
        var seen: Set<Kind> = []
        var (first, others): ([Element], [Element]) = ([], [])
        for element in self {
            if seen.insert(kind(element)).inserted { first.append(element) } else { others.append(element) }
        }
        return first + others
    }
}
