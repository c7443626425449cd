import NetworkState

/// What somebody does by hand to a host, as a shell script.
struct HandMadeDrift {
    let kind: String
    let script: String

    /// Deletes and changes one of each kind of what is weft's.
    static func each(in state: HostState) -> [HandMadeDrift] {
        var seen: Set<String> = []
        var drifts: [HandMadeDrift] = []
        for (netns, contents) in state.sortedNamespaces {
            for resource in contents.resources where !isGivenByKernel(resource, in: netns) {
                let kind = resource.identity.kind
                guard seen.insert(kind).inserted else { continue }
                drifts += [deletion(of: resource, in: netns), change(of: resource, in: netns)].compactMap(\.self)
            }
        }
        // Last, as all that is in it goes along.
        if let container = state.sortedNamespaces.last(where: { $0.netns != .own })?.netns {
            drifts += [deletion(of: .netns, in: container)].compactMap(\.self)
        }
        return drifts
    }

    /// What is not there by itself, and comes and goes with something else.
    private static func isGivenByKernel(_ resource: Resource, in netns: Netns) -> Bool {
        if case .link(let link) = resource { return link.isMadeByKernel || !link.isMadeByItself(in: netns) }
        return false
    }

    private static func deletion(of resource: Resource, in netns: Netns) -> HandMadeDrift? {
        drift(Change(in: netns, from: resource, to: nil))
    }

    private static func change(of resource: Resource, in netns: Netns) -> HandMadeDrift? {
        changed(resource).flatMap { drift(Change(in: netns, from: resource, to: $0)) }
    }

    private static func drift(_ change: Change) -> HandMadeDrift? {
        let commands = change.commands
        if commands.isEmpty { return nil }
        return HandMadeDrift(kind: change.identity.kind, script: commands.joined(separator: "\n"))
    }

    private static func changed(_ resource: Resource) -> Resource? {
        switch resource {
        case .netns, .address: return nil
        case .link(var link):
            link.mtu = (link.mtu ?? 1500) - 100
            return .link(link)
        case .sysctl(var sysctl):
            sysctl.value = sysctl.value == "0" ? "1" : "0"
            return .sysctl(sysctl)
        case .neighbour(var neighbour):
            neighbour.linkLayerAddress = MACAddress(bits: 0x0200_0000_0099)
            return .neighbour(neighbour)
        case .fdb(var entry):
            entry.remote = IPAddress(v4: 0xc0a8_64de)
            return .fdb(entry)
        case .table(let table):
            return .table(NATTable(name: table.name, text: table.text.replacing("masquerade", with: "return")))
        case .nextHop(var object):
            object.isOnLink.toggle()
            return .nextHop(object)
        case .route(var route):
            route.protocol = .boot
            return .route(route)
        }
    }

    /// What others have on a host, made, changed and deleted: nothing of it is weft's to mend.
    static let ofOthers = [
        """
        ip link add others type veth peer name others1
        ip link set others addrgenmode none
        ip link set others1 addrgenmode none
        ip link set others up
        ip link set others1 up
        ip address add 10.9.0.1/24 dev others
        ip address add 10.8.0.1/24 dev eth0
        ip route add 203.0.113.0/24 via 192.168.100.1 dev eth0 proto bird
        ip route add blackhole 198.51.100.0/24 proto 119
        ip neighbour add 192.168.100.77 lladdr 02:00:00:00:00:77 dev eth0
        ip rule add from 10.9.0.0/24 lookup 99 priority 99
        ip route add default via 192.168.100.1 table 99
        nft add table inet others
        bridge fdb append 02:00:00:00:00:78 dev vxlan.calico dst 192.168.100.78
        sysctl -qw net.ipv4.conf.others.proxy_arp=1
        """,
        """
        ip link set others mtu 1400
        ip route replace 203.0.113.0/24 via 192.168.100.2 dev eth0 proto bird
        ip neighbour replace 192.168.100.77 lladdr 02:00:00:00:00:79 dev eth0
        nft add chain inet others some
        bridge fdb replace 02:00:00:00:00:78 dev vxlan.calico dst 192.168.100.79
        sysctl -qw net.ipv4.conf.others.proxy_arp=0
        """,
        """
        ip route del 203.0.113.0/24
        ip route del 198.51.100.0/24
        ip address del 10.8.0.1/24 dev eth0
        ip neighbour del 192.168.100.77 dev eth0
        ip rule del priority 99
        nft delete table inet others
        bridge fdb del 02:00:00:00:00:78 dev vxlan.calico dst 192.168.100.79
        ip link del others
        """,
    ]
}
