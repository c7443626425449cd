import NetworkState

/// What one thing is called by in tables: an address, a link-layer address, a node's name.
enum Word: Hashable {
    case address(IPAddress)
    case linkLayerAddress(MACAddress)
    case node(String)
}

/// What an end is called by, and what stands for that where it does not matter which end it is.
struct Renaming {
    var node: String?
    var addresses: [IPAddress] = []
    var linkLayerAddresses: [MACAddress] = []
    /// In the namespaces of its host alone.
    var link: LinkName?
    /// What stands for that.
    private var standIn: LinkName?
    /// What tells its stand-ins from those of other ends.
    let number: Int

    /// No address of IPv4 has so many bits, and none of a link's begins with `ff00` (RFC 4291, 2.7: scope 0 is reserved).
    func callAsFunction(_ address: IPAddress) -> IPAddress {
        guard let place = addresses.firstIndex(of: address) else { return address }
        let base = address.family == .v4 ? UInt128(1) << 64 : UInt128(0xff00) << 112
        return IPAddress(family: address.family, bits: base + UInt128(number * 1000 + place))
    }

    /// No link has a group's address.
    func callAsFunction(_ address: MACAddress) -> MACAddress {
        linkLayerAddresses.firstIndex(of: address).map {
            MACAddress(bits: 0xffff_ffff_0000 + UInt64(number * 1000 + $0))
        } ?? address
    }

    func callAsFunction(_ name: LinkName) -> LinkName { name == link ? standIn ?? name : name }

    func callAsFunction(_ prefix: IPPrefix) -> IPPrefix {
        let other = self(prefix.address)
        return other == prefix.address ? prefix : IPPrefix(other, length: prefix.length) ?? prefix
    }

    func callAsFunction(_ peer: Link.Peer) -> Link.Peer {
        Link.Peer(netns: peer.netns.name == node ? .named(someone) : peer.netns, name: self(peer.name))
    }

    func callAsFunction(_ text: String) -> String {
        Tokens(text).replacing { word in
            if word == node || word == link?.text { return someone }
            return IPAddress(parsing: word).flatMap { addresses.firstIndex(of: $0) }.map { "\(someone)-\($0)" }
        }
    }

    /// Nothing is called so.
    private var someone: String { "\u{1}\(number)" }

    init(
        node: String?, addresses: [IPAddress], linkLayerAddresses: [MACAddress] = [], link: LinkName? = nil,
        number: Int = 0
    ) {
        self.node = node
        self.addresses = addresses
        self.linkLayerAddresses = linkLayerAddresses
        self.link = link
        self.number = number
        standIn = link.map { _ in LinkName(known: someone) }
    }

    /// Of this word alone.
    init(_ word: Word) {
        number = 0
        switch word {
        case .address(let address): addresses = [address]
        case .linkLayerAddress(let address): linkLayerAddresses = [address]
        case .node(let name): node = name
        }
    }
}
