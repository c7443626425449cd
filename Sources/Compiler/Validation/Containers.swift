package import NetworkState

extension ValidTopology {
    /// A host's containers, in order.
    ///
    /// Those that a host only says the number of follow from that number, and are made when they are asked for: what is
    /// about one host does not cost what a hundred thousand containers of others do.
    package struct Containers: RandomAccessCollection, Sendable {
        private enum Storage: Sendable {
            case listed([Container])
            case numbered(NumberedContainers)
        }

        private let storage: Storage
        package let endIndex: Int

        init(_ containers: [Container]) {
            storage = .listed(containers)
            endIndex = containers.count
        }

        init(_ containers: NumberedContainers) {
            storage = .numbered(containers)
            endIndex = containers.count
        }

        package var startIndex: Int { 0 }

        package subscript(position: Int) -> Container {
            switch storage {
            case .listed(let containers): containers[position]
            case .numbered(let containers): containers[position]
            }
        }

        /// Those that any of them has addresses of, IPv4 first.
        package var families: [IPAddress.Family] {
            switch storage {
            case .listed(let containers):
                IPAddress.Family.allCases.filter { family in containers.contains { $0.families.contains(family) } }
            case .numbered(let containers): containers.families
            }
        }

        /// Where they are written, each once.
        var pointers: Set<JSONPointer> {
            switch storage {
            case .listed(let containers): Set(containers.map(\.pointer))
            case .numbered(let containers): [containers.pointer]
            }
        }
    }
}

/// Containers of which nothing is written but how many.
struct NumberedContainers: Sendable {
    private let names: NumberedNames
    private let links: DerivedLinkNames
    private let addresses: FreeAddresses
    private let mtu: UInt32
    let pointer: JSONPointer
    /// One address of each.
    let families: [IPAddress.Family]

    /// Nil where they do not simply follow from their numbers: where some of the addresses are another's already, or too few,
    /// or where a link's name is.
    init?(
        _ names: NumberedNames, of host: String, besides uplinks: [ValidTopology.Uplink], _ addresses: FreeAddresses,
        mtu: UInt32, at pointer: JSONPointer
    ) {
        self.names = names
        links = DerivedLinkNames(host: host, stem: names.stem)
        self.addresses = addresses
        self.mtu = mtu
        self.pointer = pointer
        families = names.count == 0 ? [] : addresses.families
        guard addresses.areAllFree, families.allSatisfy({ addresses.capacity($0) >= UInt128(names.count) }),
            !uplinks.contains(where: { DerivedLinkNames.isDerived($0.name) }),
            links.areDistinct(count: names.count)
        else { return nil }
    }

    var count: Int { names.count }

    subscript(index: Int) -> ValidTopology.Container {
        ValidTopology.Container(
            name: names[index],
            addresses: families.compactMap { addresses.address(at: index, $0) },
            link: links[index],
            mac: nil,
            published: [],
            workload: nil,
            mtu: mtu,
            pointer: pointer
        )
    }
}
