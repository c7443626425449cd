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
    let from: String
    let target: PackedTarget
    let rest: Rest
    var number: UInt32 = 0
}

/// Whom something is done to, and at which address.
package struct PackedTarget: Hashable, Sendable {
    let name: String?
    let address: IPAddress?
}

/// A list of millions, at a few bytes each: what follows from an element's place is not kept.
package struct Packed<Element: Packable>: Sendable {
    private var rows = PackedRuns()
    private var numbers = PackedNumbers()
    private var senders = Interning<String>()
    private var targets = Interning<PackedTarget>()
    private var rests = Interning<Element.Rest>()

    package init() {}

    package init(_ elements: some Sequence<Element>) {
        for element in elements { append(element) }
    }

    package mutating func append(_ element: Element) {
        let parts = element.parts
        rows.append(
            (senders.number(of: parts.from), targets.number(of: parts.target), rests.number(of: parts.rest)))
        numbers.append(parts.number)
    }

    package static func += (list: inout Packed, elements: some Sequence<Element>) {
        for element in elements { list.append(element) }
    }

    /// Some that follow each other.
    func part(_ range: Range<Int>) -> Packed {
        var part = self
        (part.rows, part.numbers) = (PackedRuns(), PackedNumbers())
        for index in range { part.append(rows[index], numbers[index]) }
        return part
    }

    /// The same with others between, each before the element at its place; these are in order.
    func inserting(_ others: [(place: Int, elements: [Element])]) -> Packed {
        var (list, next) = (part(0..<0), 0)
        for (place, elements) in others + [(count, [])] {
            for index in next..<place { list.append(rows[index], numbers[index]) }
            list += elements
            next = place
        }
        return list
    }

    /// Each once, in the order of its first place.
    var uniqued: Packed {
        var (list, seen) = (part(0..<0), Set<SIMD4<UInt32>>())
        for index in indices {
            let (row, number) = (rows[index], numbers[index])
            if seen.insert(SIMD4(row.from, row.target, row.what, number)).inserted { list.append(row, number) }
        }
        return list
    }

    /// Has `change` give the rest of some elements anew; nil where it stays.
    mutating func revise(_ change: (_ index: Int) -> Element.Rest?) {
        var revised = PackedRuns()
        for index in indices {
            var row = rows[index]
            if let rest = change(index) { row.what = rests.number(of: rest) }
            revised.append(row)
        }
        rows = revised
    }

    private mutating func append(_ row: PackedRuns.Row, _ number: UInt32) {
        rows.append(row)
        numbers.append(number)
    }
}

// What is asked of one among many, without unpacking it.
extension Packed {
    /// Numbers of who does it, and whom to.
    func ends(at index: Int) -> PackedEnds {
        let row = rows[index]
        return PackedEnds(from: row.from, target: row.target)
    }

    func sender(_ number: UInt32) -> String { senders[number] }
    func target(_ number: UInt32) -> PackedTarget { targets[number] }
    var senderCount: Int { senders.count }
    var targetCount: Int { targets.count }

    func rest(_ number: UInt32) -> Element.Rest { rests[number] }
    var restCount: Int { rests.count }
    func restNumber(at index: Int) -> Int { Int(rows[index].what) }

    func target(at index: Int) -> PackedTarget { targets[rows[index].target] }
    func rest(at index: Int) -> Element.Rest { rests[rows[index].what] }

    /// Tells of each two ends, as often as others are between.
    func forEachEnds(_ body: (PackedEnds) -> Void) {
        var last: PackedEnds?
        for index in indices {
            let ends = ends(at: index)
            if ends != last { body(ends) }
            last = ends
        }
    }

    /// What this list's numbers of ends are in another; nil for those that it has not.
    func translation<Other>(to other: Packed<Other>) -> (PackedEnds) -> PackedEnds? {
        let senders = (0..<UInt32(senders.count)).map { other.senders.known(self.senders[$0]) }
        let targets = (0..<UInt32(targets.count)).map { other.targets.known(self.targets[$0]) }
        return { ends in
            guard let from = senders[Int(ends.from)], let target = targets[Int(ends.target)] else { return nil }
            return PackedEnds(from: from, target: target)
        }
    }
}

/// Two ends by their numbers in a list.
struct PackedEnds: Hashable, Sendable {
    let from: UInt32
    let target: UInt32
}

extension Packed: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { numbers.count }

    package subscript(index: Int) -> Element {
        let row = rows[index]
        return Element(
            Parts(
                from: senders[row.from], target: targets[row.target], rest: rests[row.what], number: numbers[index]))
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
