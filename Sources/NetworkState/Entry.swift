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
