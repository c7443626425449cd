/// Entries of one kind, at most one an identity.
///
/// They lie side by side. A kernel tells of its routes in their order, as ledgers do, and removals come the other way round: what
/// has come in the order of its identities, or against it, need not be sorted, and is found by halving; else there is an index
/// beside it.
///
/// Inlinable, as each look at a route would otherwise ask for its type's metadata in other modules.
package struct Table<Element: Entry>: Sendable {
    @usableFromInline var elements: [Element] = []
    /// Nil while there are few, which are found faster one by one, and while they are in order.
    @usableFromInline var index: TableIndex?
    @usableFromInline var order = TableOrder.ascending

    @inlinable package init() {}

    @inlinable package init(_ elements: some Sequence<Element>) {
        elements.forEach { insert($0) }
    }

    /// Nil unless each identity is greater than the one before.
    @inlinable package init?(ascending elements: [Element]) {
        let isInOrder = elements.indices.dropFirst().allSatisfy {
            elements[$0 - 1].identity < elements[$0].identity
        }
        guard isInOrder else { return nil }
        self.elements = elements
    }

    @inlinable package subscript(identity: Element.Identity) -> Element? {
        place(of: identity).map { elements[$0] }
    }

    @inlinable package var count: Int { elements.count }
    @inlinable package var isEmpty: Bool { elements.isEmpty }

    /// In the order of their identities.
    @inlinable package var sorted: [Element] {
        switch order {
        case .ascending: return elements
        case .descending: return elements.reversed()
        case .none: break
        }
        // Entries are large, and dear to move about.
        // A key path would be looked up anew each time, in a small table for as long as it takes to sort it.
        let identities = elements.map { $0.identity }
        return identities.indices.sorted { identities[$0] < identities[$1] }.map { elements[$0] }
    }

    /// In no particular order.
    @inlinable package var unordered: some Sequence<Element> { elements }

    /// Adds `element`, or puts it in the place of the one with its identity, unless that `stays`. Gives its place.
    @inlinable @discardableResult
    package mutating func insert(_ element: Element, unless stays: (Element) -> Bool = { _ in false }) -> Int {
        let identity = element.identity
        if let last = elements.last, !staysOrdered(after: last.identity, with: identity) {
            if let place = place(of: identity) {
                if !stays(elements[place]) { elements[place] = element }
                return place
            }
            order = .none
        }
        elements.append(element)
        if order == .none { note(elements.count - 1) }
        return elements.count - 1
    }

    /// Whether what is in order is so with `identity` at its end, behind `last`; with two it is one way or the other.
    @inlinable mutating func staysOrdered(after last: Element.Identity, with identity: Element.Identity) -> Bool {
        if elements.count == 1, order != .none { order = identity < last ? .descending : .ascending }
        return switch order {
        case .ascending: last < identity
        case .descending: identity < last
        case .none: false
        }
    }

    /// The last of them comes in its place.
    @inlinable @discardableResult package mutating func remove(_ identity: Element.Identity) -> Element? {
        guard let place = place(of: identity) else { return nil }
        if place == elements.count - 1 {
            index?.remove(place, hash: identity.hashValue)
            return elements.removeLast()
        }
        if order != .none {
            order = .none
            note(elements.count - 1)
        }
        index?.remove(place, hash: identity.hashValue)
        let last = elements.removeLast()
        index?.move(elements.count, to: place, hash: last.identity.hashValue)
        defer { elements[place] = last }
        return elements[place]
    }

    /// Among ``unordered``; nil if there is none.
    @inlinable package func place(of identity: Element.Identity) -> Int? {
        if let index { return index.find(hash: identity.hashValue) { elements[$0].identity == identity } }
        if elements.count <= TableIndex.leastCount { return elements.firstIndex { $0.identity == identity } }
        let place = firstPlace(notBefore: identity)
        return place < elements.count && elements[place].identity == identity ? place : nil
    }

    /// As long as they are in order, whichever way: the end if all are before.
    @inlinable func firstPlace(notBefore identity: Element.Identity) -> Int {
        var (low, high) = (0, elements.count)
        while low < high {
            let middle = (low + high) / 2
            let found = elements[middle].identity
            if order == .ascending ? found < identity : identity < found { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// For who goes through another table in an order: beginning beside `cursor`, -1 at first, mostly takes no search.
    func place(of identity: Element.Identity, near cursor: inout Int) -> Int? {
        if cursor + 1 < elements.count, elements[cursor + 1].identity == identity {
            cursor += 1
        } else if cursor > 0, elements[cursor - 1].identity == identity {
            cursor -= 1
        } else {
            guard let place = place(of: identity) else { return nil }
            cursor = place
        }
        return cursor
    }

    func element(_ identity: Element.Identity, near cursor: inout Int) -> Element? {
        place(of: identity, near: &cursor).map { elements[$0] }
    }

    @inlinable mutating func note(_ place: Int) {
        if index == nil && elements.count <= TableIndex.leastCount { return }
        if index?.insert(place, hash: elements[place].identity.hashValue) != true {
            index = TableIndex(count: elements.count) { elements[$0].identity.hashValue }
        }
    }
}

/// How a table's entries lie, by their identities.
@usableFromInline
enum TableOrder: Sendable {
    case ascending, descending, none
}

extension Table: Hashable {
    @inlinable package static func == (left: Table, right: Table) -> Bool {
        if left.count != right.count { return false }
        if left.order == right.order, left.order != .none { return left.elements == right.elements }
        return left.elements.allSatisfy { right[$0.identity] == $0 }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(count) }
}
