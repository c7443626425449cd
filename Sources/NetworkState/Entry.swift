/// One entry of a namespace's network state: a link, an address, a route, a neighbour or a sysctl.
package protocol Entry: Hashable, Sendable {
    associatedtype Identity: Hashable, Comparable, Sendable

    /// What the kernel tells entries of this kind apart by; two with one identity cannot coexist.
    var identity: Identity { get }

    /// What the entry says beyond its identity, in iproute2's words and order.
    var attributes: [Attribute] { get }

    /// Whether `observed`, of the same identity, already is what this entry declares.
    ///
    /// What a declaration leaves open, the kernel may have as it likes.
    func isSatisfied(by observed: Self) -> Bool

    /// Whether the kernel can turn `observed` into this entry where it stands.
    func isReachable(from observed: Self) -> Bool

    init?(json: JSON)
    /// The members of ``json``, without those whose value is nil.
    var jsonMembers: KeyValuePairs<String, JSON?> { get }
}

extension Entry {
    package var json: JSON { .members(jsonMembers) }
    package func isSatisfied(by observed: Self) -> Bool { self == observed }
    package func isReachable(from observed: Self) -> Bool { true }
}

/// A word and its value as iproute2 writes them, `mtu 1450`; a flag such as `onlink` has no value.
package struct Attribute: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: some CustomStringConvertible) {
        self.name = name
        self.value = value.description
    }

    package init(flag name: String) {
        self.name = name
        value = ""
    }

    package var description: String { value.isEmpty ? name : "\(name) \(value)" }
}

extension Sequence<Attribute> {
    /// `mtu 1450 address ee:ee:ee:ee:ee:ee`
    package var text: String { map(\.description).joined(separator: " ") }
}

/// Entries of one kind, at most one an identity.
package struct Table<Element: Entry>: Hashable, Sendable {
    private var entries: [Element.Identity: Element] = [:]

    package init() {}

    package init(_ elements: some Sequence<Element>) {
        elements.forEach { insert($0) }
    }

    package subscript(identity: Element.Identity) -> Element? { entries[identity] }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    /// In the order of their identities.
    package var sorted: [Element] { entries.values.sorted { $0.identity < $1.identity } }

    /// In no particular order.
    package var unordered: some Sequence<Element> { entries.values }

    /// Adds `element`, or puts it in the place of the one with its identity.
    package mutating func insert(_ element: Element) {
        entries[element.identity] = element
    }

    @discardableResult
    package mutating func remove(_ identity: Element.Identity) -> Element? {
        entries.removeValue(forKey: identity)
    }
}
