import NetworkState

/// The addresses of some subnets that nobody has yet, lowest first, each family by itself.
struct FreeAddresses {
    private struct Span {
        let subnet: IPPrefix
        let offsets: ClosedRange<UInt128>
        var next: UInt128

        init(_ subnet: IPPrefix, offsets: ClosedRange<UInt128>) {
            self.subnet = subnet
            self.offsets = offsets
            next = offsets.lowerBound
        }

        /// Whether it would ever give `address`.
        func offers(_ address: IPAddress) -> Bool {
            subnet.contains(address) && offsets.contains(address.bits - subnet.address.bits)
        }
    }

    private var spans: [Span]
    private let reserved: Set<IPAddress>

    /// For links of an underlay: all but the network's own and the broadcast address, which a /31 (RFC 3021), a /127
    /// (RFC 6164) and a single address do not have.
    init(linksOf subnets: [IPPrefix], reserved: Set<IPAddress>) {
        spans = subnets.map { subnet in
            let isTiny = subnet.length >= subnet.family.width - 1
            return Span(subnet, offsets: isTiny ? 0...subnet.lastOffset : 1...subnet.lastHostOffset)
        }
        self.reserved = reserved
    }

    /// For containers: one less than for links, the bridge's in models that have one. It is spared in all of them,
    /// so that changing the model moves nobody. A block longer than a /30 or /126 has no bridge and spares none.
    init(containersOf blocks: [IPPrefix], reserved: Set<IPAddress>) {
        spans = blocks.map { block in
            let isTiny = block.firstUsable == nil
            return Span(block, offsets: isTiny ? 0...block.lastOffset : 2...block.lastHostOffset)
        }
        self.reserved = reserved
    }

    /// The families that it has subnets of, IPv4 first.
    var families: [IPAddress.Family] {
        IPAddress.Family.allCases.filter { family in spans.contains { $0.subnet.family == family } }
    }

    /// Whether none that it offers is reserved, so that it offers them in a row.
    var areAllFree: Bool { !reserved.contains { address in spans.contains { $0.offers(address) } } }

    /// The one that ``take(_:)`` would give after `index` others of `family`, of addresses that are all free.
    func address(at index: Int, _ family: IPAddress.Family) -> IPAddress? {
        var rest = UInt128(index)
        for span in spans where span.subnet.family == family {
            let last = span.offsets.upperBound - span.offsets.lowerBound
            if rest <= last { return span.subnet.address.advanced(by: span.offsets.lowerBound + rest) }
            rest -= last + 1
        }
        return nil
    }

    /// How many of `family` can be had in all, less those that are reserved.
    func capacity(_ family: IPAddress.Family) -> UInt128 {
        let spans = spans.filter { $0.subnet.family == family }
        let all = spans.reduce(UInt128(0)) { sum, span in
            // Only ::/0 could overflow, by one.
            let (total, overflow) = sum.addingReportingOverflow(span.offsets.upperBound - span.offsets.lowerBound)
            return overflow || total == .max ? .max : total + 1
        }
        let lost = reserved.count { address in spans.contains { $0.offers(address) } }
        return all - UInt128(lost)
    }

    /// Nil when there is none left.
    mutating func take(_ family: IPAddress.Family) -> IPPrefix? {
        while let index = spans.firstIndex(where: { $0.subnet.family == family && $0.next <= $0.offsets.upperBound }) {
            let span = spans[index]
            spans[index].next += 1
            guard let address = span.subnet.address.advanced(by: span.next) else { continue }
            if !reserved.contains(address) { return IPPrefix(address, length: span.subnet.length) }
        }
        return nil
    }
}

extension IPPrefix {
    /// The offset of the highest address that a link may have. IPv6 has no broadcast address (RFC 4291 §2).
    fileprivate var lastHostOffset: UInt128 { family == .v4 ? lastOffset - 1 : lastOffset }
}
