import NetworkState

/// The addresses that containers ask for by themselves, checked against all hosts' blocks and against each other.
struct WrittenAddresses {
    /// By host: what none of its containers may be assigned, because a container somewhere or a tunnel's device has it.
    private(set) var reserved: [Set<IPAddress>]
    /// By host: what its containers have of other hosts' blocks.
    private(set) var borrowed: [[ValidTopology.BorrowedAddress]]

    private struct Holder {
        let host: Int
        let container: Node
        let pointer: JSONPointer
    }

    private let roster: Roster
    private let blocks: [BlockAssignment.Blocks]
    /// Made when a container first asks for an address: most ask for none, and there may be a hundred thousand blocks.
    private lazy var owners = BlockOwners(blocks)
    private let model: NetworkModel
    private var holders: [IPAddress: Holder] = [:]

    init(
        _ roster: Roster, _ blocks: [BlockAssignment.Blocks], _ model: NetworkModel, _ diagnostics: inout Diagnostics
    ) {
        self.roster = roster
        self.blocks = blocks
        self.model = model
        reserved = blocks.map { model.hasTunnel ? $0.tunnelAddresses : [] }
        borrowed = Array(repeating: [], count: blocks.count)
        for index in roster.hosts.indices {
            // Where nothing crosses hosts, as in Docker's NAT, each may use what the others use.
            if model.encapsulation == .isolated { holders = [:] }
            read(index, &diagnostics)
        }
    }

    private mutating func read(_ index: Int, _ diagnostics: inout Diagnostics) {
        guard case .list(let listing) = roster.hosts[index].written.containers.value else { return }
        for container in listing.elements {
            guard case .written(let addresses, let pointer) = container.addresses else { continue }
            let node = Node(kind: .container, name: container.label)
            guard container.name.value?.range == nil else {
                diagnostics.report(.uniqueInRange("address", of: node, at: pointer))
                continue
            }
            for address in addresses { read(address, of: node, on: index, &diagnostics) }
        }
    }

    private mutating func read(
        _ written: Located<Topology.LinkAddress>, of container: Node, on index: Int, _ diagnostics: inout Diagnostics
    ) {
        let address = written.value.address
        if let length = written.value.length, length != address.family.width {
            diagnostics.report(.notSingle(address, length: length, at: written.pointer))
        }
        place(address, on: index, at: written.pointer, &diagnostics)
        let holder = Holder(host: index, container: container, pointer: written.pointer)
        guard let other = holders.updateValue(holder, forKey: address) else { return }
        let name = other.host == index ? nil : roster.hosts[other.host].name
        diagnostics.report(
            .duplicateAddress(
                address, at: written.pointer, with: other.pointer, of: name.map { (other.container, host: $0) }))
    }

    /// Finds the block that `address` is in, reserves it there, and checks that a container may have it.
    private mutating func place(
        _ address: IPAddress, on index: Int, at pointer: JSONPointer, _ diagnostics: inout Diagnostics
    ) {
        let own = blocks[index]
        reserved[index].insert(address)
        if let block = own.subnets.first(where: { $0.value.contains(address) }) {
            checkRole(address, in: block, of: own, at: pointer, &diagnostics)
        } else if let owner = owners.owner(of: address), model.lendsAddresses {
            checkRole(address, in: owner.block, of: blocks[owner.host], at: pointer, &diagnostics)
            reserved[owner.host].insert(address)
            borrowed[index].append(ValidTopology.BorrowedAddress(address: address, pointer: pointer))
        } else if !own.areUnknown, !mayBeLent {
            let isAnothers = owners.owner(of: address) != nil
            diagnostics.report(
                .addressOutside(
                    address, own.subnets.map(\.value), of: roster.hosts[index].node, at: pointer, own.pointer,
                    because: isAnothers ? model.reasonNotToLend : nil))
        }
    }

    /// Whether an address in no known block may lie in one that could not be read or had, which has been reported.
    private var mayBeLent: Bool {
        model.lendsAddresses && (!roster.isComplete || blocks.contains(where: \.areUnknown))
    }

    /// What the model itself uses is not for containers.
    private func checkRole(
        _ address: IPAddress, in block: Located<IPPrefix>, of blocks: BlockAssignment.Blocks,
        at pointer: JSONPointer, _ diagnostics: inout Diagnostics
    ) {
        if model.hasTunnel, blocks.tunnelAddresses.contains(address) {
            let note = Diagnostic.Note("the network's own address is the tunnel's on this host", at: block.pointer)
            diagnostics.report(.addressInUse(address, at: pointer, note: note))
        } else if model.attachment == .bridged, address == block.value.firstUsable {
            let note = Diagnostic.Note("the first address is the bridge's, the containers' gateway", at: block.pointer)
            diagnostics.report(.addressInUse(address, at: pointer, note: note))
        } else if model.attachment == .bridged, block.value.isReserved(address) {
            diagnostics.report(.notAHosts(address, of: block.value, at: pointer))
        }
    }
}

/// Which host's block an address lies in.
private struct BlockOwners {
    private var places: [IPPrefix: (host: Int, block: Located<IPPrefix>)] = [:]
    /// Blocks have few lengths, so an address is looked up once for each.
    private var lengths: Set<Int> = []

    init(_ hosts: [BlockAssignment.Blocks]) {
        for (index, host) in hosts.enumerated() {
            for block in host.subnets {
                places[block.value] = (index, block)
                lengths.insert(block.value.length)
            }
        }
    }

    func owner(of address: IPAddress) -> (host: Int, block: Located<IPPrefix>)? {
        for length in lengths.sorted(by: >) {
            if let prefix = IPPrefix(address, length: length), let place = places[prefix.network] { return place }
        }
        return nil
    }
}

extension BlockAssignment.Blocks {
    /// As ``ValidTopology/Host/tunnelAddress(_:)``, of both families.
    fileprivate var tunnelAddresses: Set<IPAddress> {
        Set(
            IPAddress.Family.allCases.compactMap { family in subnets.first { $0.value.family == family }?.value.address
            })
    }
}

extension NetworkModel {
    fileprivate var hasTunnel: Bool {
        switch encapsulation {
        case .vxlan, .ipip, .udp: true
        case .none, .isolated: false
        }
    }

    /// Whether a container may have an address of another host's block.
    fileprivate var lendsAddresses: Bool { attachment == .routed && encapsulation != .isolated }

    /// Why not, where it is not.
    fileprivate var reasonNotToLend: String {
        attachment == .bridged
            ? "it is in another host's, but the containers on a bridge are one subnet: others would look for it there"
            : "it is in another host's, but with encapsulation 'isolated' no packet crosses hosts"
    }
}
