import NetworkState

/// Something that one node does to another, and that there are millions of.
///
/// What they have in common is kept once, and each is four numbers: who, whom, all else, and one number of its own.
package protocol Packable: Hashable, Sendable {
    /// All but its ends and its number, which few combinations of are different.
    associatedtype Rest: Hashable & Sendable

    var parts: Parts<Rest> { get }
    init(_ parts: Parts<Rest>)
}

/// What a packable value is packed as.
package struct Parts<Rest: Hashable & Sendable>: Sendable {
    package struct Target: Hashable, Sendable {
        let name: String?
        let address: IPAddress?
    }

    let from: String
    let target: Target
    let rest: Rest
    var number: UInt32 = 0
}

/// A list of millions, at sixteen bytes each.
package struct Packed<Element: Packable>: Sendable {
    private var packs: [SIMD4<UInt32>] = []
    private var senders = Interning<String>()
    private var targets = Interning<Parts<Element.Rest>.Target>()
    private var rests = Interning<Element.Rest>()

    package init() {}

    package init(_ elements: some Sequence<Element>) {
        for element in elements { append(element) }
    }

    package mutating func append(_ element: Element) { packs.append(pack(element)) }

    package static func += (list: inout Packed, elements: some Sequence<Element>) {
        for element in elements { list.append(element) }
    }

    /// Some that follow each other.
    func part(_ range: Range<Int>) -> Packed {
        var part = self
        part.packs = Array(packs[range])
        return part
    }

    /// Each once, in the order of its first place.
    var uniqued: Packed {
        var (list, seen) = (self, Set<SIMD4<UInt32>>())
        list.packs = packs.filter { seen.insert($0).inserted }
        return list
    }

    /// What stands for an element's ends, whatever else it is: equal where they are.
    func ends(at index: Int) -> UInt64 { UInt64(packs[index].x) << 32 | UInt64(packs[index].y) }

    /// The same for ends that an element may have; nil where none does.
    func ends(from: String, to target: Parts<Element.Rest>.Target) -> UInt64? {
        guard let from = senders.known(from), let target = targets.known(target) else { return nil }
        return UInt64(from) << 32 | UInt64(target)
    }

    func target(at index: Int) -> Parts<Element.Rest>.Target { targets[packs[index].y] }
    func rest(at index: Int) -> Element.Rest { rests[packs[index].z] }

    private mutating func pack(_ element: Element) -> SIMD4<UInt32> {
        let parts = element.parts
        return SIMD4(
            senders.number(of: parts.from), targets.number(of: parts.target), rests.number(of: parts.rest), parts.number
        )
    }
}

extension Packed: RandomAccessCollection, MutableCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { packs.count }

    package subscript(index: Int) -> Element {
        get {
            let pack = packs[index]
            return Element(
                Parts(from: senders[pack.x], target: targets[pack.y], rest: rests[pack.z], number: pack.w))
        }
        set { packs[index] = pack(newValue) }
    }
}

extension Packed: Hashable {
    package static func == (one: Packed, other: Packed) -> Bool { one.elementsEqual(other) }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for element in self { hasher.combine(element) }
    }
}

extension Packed: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: Element...) { self.init(elements) }
}
