import NetworkState

/// The containers of every host, with a link name and addresses each.
struct ContainerAssignment {
    private(set) var hosts: [ValidTopology.Containers] = []

    private let mtu: UInt32
    private var macs: [MACAddress: JSONPointer] = [:]

    init(
        _ roster: Roster, _ uplinks: [UplinkAssignment.Links], _ blocks: [BlockAssignment.Blocks],
        _ written: WrittenAddresses, mtu: UInt32, _ diagnostics: inout Diagnostics
    ) {
        self.mtu = mtu
        for (index, host) in roster.hosts.enumerated() {
            if case .written(let containers) = host.containers, containers.isEmpty {
                hosts.append(ValidTopology.Containers([]))
                continue
            }
            let free = FreeAddresses(
                containersOf: blocks[index].subnets.map(\.value), reserved: written.reserved[index])
            hosts.append(
                numbered(host, uplinks[index].uplinks, free)
                    ?? listed(host, uplinks[index].uplinks, blocks[index], free, &diagnostics))
        }
    }

    private func numbered(
        _ host: Roster.Host, _ uplinks: [ValidTopology.Uplink], _ free: FreeAddresses
    ) -> ValidTopology.Containers? {
        guard case .numbered(let names, let pointer) = host.containers else { return nil }
        return NumberedContainers(names, of: host.name, besides: uplinks, free, mtu: mtu, at: pointer)
            .map(ValidTopology.Containers.init)
    }

    private mutating func listed(
        _ host: Roster.Host, _ uplinks: [ValidTopology.Uplink], _ blocks: BlockAssignment.Blocks,
        _ free: FreeAddresses, _ diagnostics: inout Diagnostics
    ) -> ValidTopology.Containers {
        var links = LinkNames(of: host, uplinks)
        var supply = Supply(free)
        let containers = host.containers.map { container in
            let written = host.written(container)
            return ValidTopology.Container(
                name: container.name,
                addresses: supply.addresses(of: written),
                link: links.name(of: container, written, &diagnostics),
                mac: written.flatMap { mac(of: $0, host, &diagnostics) },
                published: written?.published.value?.map(\.value) ?? [],
                workload: written?.netns.value ?? written?.process.value,
                mtu: mtu,
                pointer: container.pointer
            )
        }
        if !blocks.areUnknown { check(supply, of: host, blocks, &diagnostics) }
        return ValidTopology.Containers(containers)
    }

    private func check(
        _ supply: Supply, of host: Roster.Host, _ blocks: BlockAssignment.Blocks, _ diagnostics: inout Diagnostics
    ) {
        for (family, needed) in supply.needed.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let room = supply.free.capacity(family)
            guard UInt128(needed) > room else { continue }
            let subnets = blocks.subnets.map(\.value).filter { $0.family == family }
            diagnostics.report(
                .subnetExhausted(
                    subnets, of: host.node, room: room, needed: needed, "containers",
                    at: host.written.containers.pointer ?? host.written.pointer, blocks.pointer)
            )
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

/// What a host's blocks have to give, and how much of it was asked for.
private struct Supply {
    private(set) var free: FreeAddresses
    private(set) var needed: [IPAddress.Family: Int] = [:]
    private let families: [IPAddress.Family]

    init(_ free: FreeAddresses) {
        self.free = free
        families = free.families
    }

    /// What is written, and one of each other family that the host has: whoever moves to both families need not give up
    /// the addresses that are known. IPv4 first.
    mutating func addresses(of written: Topology.Container?) -> [IPAddress] {
        let member = written?.addresses ?? .absent
        if member.isUnreadable { return [] }
        var addresses = member.value?.map(\.value.address) ?? []
        for family in families where !addresses.contains(where: { $0.family == family }) {
            needed[family, default: 0] += 1
            if let prefix = free.take(family) { addresses.append(prefix.address) }
        }
        return addresses.filter { $0.family == .v4 } + addresses.filter { $0.family == .v6 }
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
        let name = written?.link.value ?? DerivedLinkNames.name(host: host.name, container: container.name)
        let place = written?.link.pointer ?? container.pointer
        if written?.link.value != nil, let written, written.name.value?.range != nil {
            diagnostics.report(.uniqueInRange("link", of: Node(kind: .container, name: written.label), at: place))
        } else if let other = places.updateValue(place, forKey: name) {
            diagnostics.report(.linkClash(name, on: host.node, at: place, with: other))
        }
        return name
    }
}
