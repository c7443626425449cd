import NetworkState

/// The containers of every host, with a link name and addresses each.
struct ContainerAssignment {
    private(set) var hosts: [[ValidTopology.Container]] = []

    private let mtu: UInt32
    private var macs: [MACAddress: JSONPointer] = [:]

    init(
        _ roster: Roster, _ uplinks: [UplinkAssignment.Links], _ blocks: [BlockAssignment.Blocks], mtu: UInt32,
        _ diagnostics: inout Diagnostics
    ) {
        self.mtu = mtu
        for (index, host) in roster.hosts.enumerated() {
            hosts.append(containers(of: host, uplinks[index].uplinks, blocks[index], &diagnostics))
        }
    }

    private mutating func containers(
        of host: Roster.Host, _ uplinks: [ValidTopology.Uplink], _ blocks: BlockAssignment.Blocks,
        _ diagnostics: inout Diagnostics
    ) -> [ValidTopology.Container] {
        var links = LinkNames(of: host, uplinks)
        let reserved = ReservedAddresses(of: host, blocks, &diagnostics)
        var free = FreeAddresses(containersOf: blocks.subnets.map(\.value), reserved: reserved.addresses)
        var needed = 0
        let containers = host.containers.map { container in
            let written = host.written(container)
            var addresses = written.flatMap(Self.addresses)
            if addresses == nil {
                needed += 1
                addresses = free.take().map { [$0.address] }
            }
            return ValidTopology.Container(
                name: container.name,
                addresses: addresses ?? [],
                link: links.name(of: container, written, &diagnostics),
                mac: written.flatMap { mac(of: $0, host, &diagnostics) },
                mtu: mtu,
                pointer: container.pointer
            )
        }
        if !blocks.areUnknown, !blocks.subnets.isEmpty, UInt128(needed) > free.capacity {
            diagnostics.report(
                .subnetExhausted(
                    blocks.subnets.map(\.value), of: host.node, room: free.capacity, needed: needed, "containers",
                    at: host.written.containers.pointer ?? host.written.pointer, blocks.pointer)
            )
        }
        return containers
    }

    /// Nil where one is to be assigned.
    private static func addresses(_ written: Topology.Container) -> [IPAddress]? {
        switch written.addresses {
        case .absent: nil
        case .unreadable: []
        case .written(let addresses, _): addresses.map(\.value.address)
        }
    }

    private mutating func mac(
        of written: Topology.Container, _ host: Roster.Host, _ diagnostics: inout Diagnostics
    ) -> MACAddress? {
        guard case .written(let mac, let place) = written.mac else { return nil }
        if written.name.value?.range != nil {
            let node = Node(kind: .container, name: written.label)
            diagnostics.report(.uniqueInRange("mac", of: node, at: place))
        } else if let other = macs.updateValue(place, forKey: mac) {
            diagnostics.report(.duplicateMAC(mac, at: place, with: other))
        }
        return mac
    }
}

extension Topology.Container {
    var label: String { name.value?.text ?? "\(pointer)" }
}

/// The addresses that a host's containers ask for by themselves.
private struct ReservedAddresses {
    private(set) var addresses: Set<IPAddress> = []

    init(of host: Roster.Host, _ blocks: BlockAssignment.Blocks, _ diagnostics: inout Diagnostics) {
        guard case .list(let listing) = host.written.containers.value else { return }
        var places: [IPAddress: JSONPointer] = [:]
        for container in listing.elements {
            guard case .written(let written, let pointer) = container.addresses else { continue }
            guard container.name.value?.range == nil else {
                let node = Node(kind: .container, name: container.label)
                diagnostics.report(.uniqueInRange("address", of: node, at: pointer))
                continue
            }
            for address in written {
                Self.check(address, host, blocks, &diagnostics)
                if let other = places.updateValue(address.pointer, forKey: address.value.address) {
                    diagnostics.report(.duplicateAddress(address.value.address, at: address.pointer, with: other))
                }
            }
        }
        addresses = Set(places.keys)
    }

    private static func check(
        _ written: Located<Topology.LinkAddress>, _ host: Roster.Host, _ blocks: BlockAssignment.Blocks,
        _ diagnostics: inout Diagnostics
    ) {
        let address = written.value.address
        if let length = written.value.length, length != address.family.width {
            diagnostics.report(.notSingle(address, length: length, at: written.pointer))
        }
        guard !blocks.areUnknown, !blocks.subnets.contains(where: { $0.value.contains(address) }) else { return }
        let subnets = blocks.subnets.map(\.value)
        diagnostics.report(.addressOutside(address, subnets, of: host.node, at: written.pointer, blocks.pointer))
    }
}

/// The names of the links on one host.
private struct LinkNames {
    private let host: Roster.Host
    private var places: [LinkName: JSONPointer?]

    init(of host: Roster.Host, _ uplinks: [ValidTopology.Uplink]) {
        self.host = host
        places = [.loopback: nil]
        for uplink in uplinks { places.updateValue(uplink.pointer, forKey: uplink.name) }
    }

    /// The host's end of `container`'s link, as it is written or as it follows from the names.
    mutating func name(
        of container: Roster.Container, _ written: Topology.Container?, _ diagnostics: inout Diagnostics
    ) -> LinkName {
        let name = written?.link.value ?? Self.derived(host: host.name, container: container.name)
        let place = written?.link.pointer ?? container.pointer
        if written?.link.value != nil, let written, written.name.value?.range != nil {
            diagnostics.report(.uniqueInRange("link", of: Node(kind: .container, name: written.label), at: place))
        } else if let other = places.updateValue(place, forKey: name) {
            diagnostics.report(.linkClash(name, on: host.node, at: place, with: other))
        }
        return name
    }

    /// `cali` and eleven digits, as long as a name may be, and as Calico does it: a container's link keeps its name
    /// whatever else comes and goes.
    private static func derived(host: String, container: String) -> LinkName {
        let digits = String(stableHash("\(host)/\(container)") & 0xfff_ffff_ffff, radix: 16)
        return LinkName(known: "cali" + String(repeating: "0", count: 11 - digits.count) + digits)
    }
}
