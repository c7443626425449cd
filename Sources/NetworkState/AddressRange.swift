/// The addresses from one to another.
struct AddressRange: Hashable {
    let first: IPAddress
    private(set) var last: IPAddress

    /// The fewest ranges that hold just what is in `prefixes` of one family, in the order of their addresses.
    ///
    /// So nftables keeps a set, whatever it was given: overlaps and neighbours are merged, and what happens to be a
    /// prefix is listed as one.
    static func covering(_ prefixes: some Sequence<IPPrefix>) -> [AddressRange] {
        prefixes.map(\.network).sorted().reduce(into: []) { ranges, prefix in
            guard let open = ranges.last, open.reaches(prefix.address) else {
                ranges.append(AddressRange(first: prefix.address, last: prefix.last))
                return
            }
            ranges[ranges.count - 1].last = max(open.last, prefix.last)
        }
    }

    /// Whether `address`, which is not before it, is in it or just behind it.
    private func reaches(_ address: IPAddress) -> Bool {
        address <= last || last.advanced(by: 1) == address
    }

    /// The prefix with just these addresses, if there is one.
    var prefix: IPPrefix? {
        let difference = first.bits ^ last.bits
        let length = first.family.width - (UInt128.bitWidth - difference.leadingZeroBitCount)
        guard let prefix = IPPrefix(first, length: length), !prefix.hasHostBits || prefix.isHost, prefix.last == last
        else { return nil }
        return prefix
    }
}

extension AddressRange: CustomStringConvertible {
    /// As nft lists it.
    var description: String {
        guard let prefix else { return "\(first)-\(last)" }
        return prefix.isHost ? "\(first)" : "\(prefix)"
    }
}
