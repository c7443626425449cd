extension Table {
    /// Those that `other` has not, or has otherwise.
    func part(beyond other: Table) -> Table {
        if other.isEmpty { return self }
        var part = Table()
        var cursor = -1
        for element in elements where element != other.element(element.identity, near: &cursor) { part.insert(element) }
        return part
    }

    /// Without those of the identities in `old`, and with those in `new`, in order if this is.
    func replacing(_ old: Table, by new: Table) -> Table {
        if old.isEmpty && new.isEmpty { return self }
        guard order == .ascending else {
            var result = self
            for element in old.elements { result.remove(element.identity) }
            for element in new.elements { result.insert(element) }
            return result
        }
        return merged(Self.edits(old, new))
    }

    /// In the order of identities: nil is for what goes.
    private static func edits(_ old: Table, _ new: Table) -> [(identity: Element.Identity, element: Element?)] {
        let gone = old.elements.map(\.identity).filter { new[$0] == nil }
        let edits: [(identity: Element.Identity, element: Element?)] =
            gone.map { ($0, nil) } + new.elements.map { ($0.identity, $0) }
        return edits.sorted { $0.identity < $1.identity }
    }

    private func merged(_ edits: [(identity: Element.Identity, element: Element?)]) -> Table {
        var result = Table()
        result.elements.reserveCapacity(elements.count + edits.count)
        var next = 0
        for (identity, element) in edits {
            let place = firstPlace(notBefore: identity)
            result.elements += elements[next..<place]
            if let element { result.elements.append(element) }
            next = place < elements.count && elements[place].identity == identity ? place + 1 : place
        }
        result.elements += elements[next...]
        return result
    }
}
