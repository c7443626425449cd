import Compiler
import NetworkState

extension Sabotage {
    private static let nobody = MACAddress(bits: 0x0200_0000_0099)

    /// Where every kind is of its own, or meets other parts of the model.
    package static let kinds = routed + underlay + vxlan + bridged + translated + ipv6

    private static let calico = "calico-two-hosts"

    private static let routed = [
        Sabotage(calico, "A", "route 172.17.9.0/24", .remove, .noRoute, at: "A"),
        Sabotage(calico, "A", "route 172.17.9.0/24", .kind(.blackhole), .blackholed, at: "A"),
        Sabotage(calico, "A", "route 172.17.9.0/24", .kind(.unreachable), .noRoute, at: "A"),
        Sabotage(calico, "A", "route 172.17.9.0/24", .kind(.prohibit), .noRoute, at: "A"),
        Sabotage(calico, "A", "route 172.17.9.0/24", .kind(.throw), .noRoute, at: "A"),
        Sabotage(
            calico, "A", "a more special route", .add(.route(host("172.17.9.2", kind: .blackhole))), .blackholed,
            at: "A"),
        Sabotage(calico, "A", "route 172.17.9.0/24", .gateway("192.168.100.199"), .neighbourUnreachable, at: "A"),
        // Caught by the blackhole for the block.
        Sabotage(calico, "B", "route 172.17.9.2", .remove, .blackholed, at: "B"),
        Sabotage(
            calico, "B", "route 172.17.9.2",
            .route { route in
                route.nextHop = Route.NextHop(
                    gateway: IPAddress(parsing: "192.168.100.100"), device: LinkName(known: "eth0"), isOnLink: true)
                route.scope = .global
            }, .loop, at: "B"),
        // B hears B1 ask for its gateway from where no route leads back to, and rp_filter keeps it from answering.
        Sabotage(calico, "B", "route 172.17.9.2", .remove, .neighbourUnreachable, at: "B1", from: "B1", to: "A1"),
        Sabotage(calico, "B", "route 172.17.8.0/24", .remove, .noRoute, at: "B"),
        Sabotage(calico, "B", "sysctl net/ipv4/ip_forward", .value("0"), .filtered, at: "B"),
        Sabotage(
            calico, "B", "forwarding of eth0", .add(.sysctl(Sysctl("net/ipv4/conf/eth0/forwarding", "0"))), .filtered,
            at: "B"),
        // Who does not forward does not answer for others either.
        Sabotage(
            calico, "A", "sysctl net/ipv4/conf/veth1/forwarding", .value("0"), .neighbourUnreachable, at: "A1"),
        Sabotage(calico, "A", "sysctl net/ipv4/conf/veth1/proxy_arp", .value("0"), .neighbourUnreachable, at: "A1"),
        Sabotage(
            calico, "A", "medium_id of veth1", .add(.sysctl(Sysctl("net/ipv4/conf/veth1/medium_id", "-1"))),
            .neighbourUnreachable, at: "A1"),
        Sabotage(calico, "A", "route 169.254.1.1", .remove, .neighbourUnreachable, at: "A1"),
        Sabotage(calico, "A", "route 169.254.1.1", .kind(.blackhole), .neighbourUnreachable, at: "A1"),
        Sabotage(calico, "A1", "route default", .remove, .noRoute, at: "A1"),
        // A gateway once taken for one stays one.
        Sabotage(calico, "A1", "route 169.254.1.1", .remove, .delivered, at: "A1"),
        Sabotage(calico, "B1", "address 172.17.9.2", .remove, .neighbourUnreachable, at: "B"),
        Sabotage(calico, "B1", "link eth0", .down, .neighbourUnreachable, at: "B"),
        Sabotage(calico, "B", "link veth1", .down, .blackholed, at: "B"),
        Sabotage(calico, "A1", "link eth0", .down, .noRoute, at: "A1"),
        Sabotage(
            calico, "A", "an address of B1's",
            .add(.address(Address(IPPrefix(host: known("172.17.9.2")), device: .loopback))),
            .delivered, at: "A"),
        Sabotage(
            calico, "B", "an address of A1's",
            .add(.address(Address(IPPrefix(host: known("172.17.8.2")), device: .loopback))),
            .filtered, at: "B"),
        Sabotage(
            calico, "A1", "a neighbour that is not there",
            .add(
                .neighbour(Neighbour(known("169.254.1.1"), device: LinkName(known: "eth0"), linkLayerAddress: nobody))),
            .neighbourUnreachable, at: "A1"),
    ]

    private static let underlay = [
        Sabotage(calico, "A", "link eth0", .down, .noRoute, at: "A"),
        Sabotage(calico, "B", "link eth0", .down, .neighbourUnreachable, at: "A"),
        Sabotage(calico, "lan", "link B.eth0", .down, .neighbourUnreachable, at: "A"),
        Sabotage(calico, "lan", "link lan.br0", .down, .neighbourUnreachable, at: "A"),
        Sabotage(
            calico, "lan", "link B.eth0", .link { $0.membership = Link.Membership.none }, .neighbourUnreachable, at: "A"
        ),
        Sabotage(
            calico, "A", "a neighbour that is not there",
            .add(
                .neighbour(
                    Neighbour(known("192.168.100.101"), device: LinkName(known: "eth0"), linkLayerAddress: nobody))),
            .neighbourUnreachable, at: "A"),
        Sabotage(
            calico, "B", "a firewall", .add(.table(firewall("forward", "ip daddr 172.17.9.2 drop"))), .filtered, at: "B"
        ),
        Sabotage(
            calico, "B1", "a firewall", .add(.table(firewall("input", #"iifname "eth0" drop"#))), .filtered, at: "B1"),
    ]

    private static let vxlan = [
        Sabotage("calico-vxlan", "A", "neighbour 172.17.9.0", .remove, .neighbourUnreachable, at: "A"),
        // Of an address that the table of the tunnel does not have.
        Sabotage("calico-vxlan", "A", "neighbour 172.17.9.0", .neighbour(nobody), .neighbourUnreachable, at: "A"),
        Sabotage("calico-vxlan", "A", "fdb ", .remove, .neighbourUnreachable, at: "A"),
        Sabotage("calico-vxlan", "A", "fdb ", .remote("192.168.100.199"), .neighbourUnreachable, at: "A"),
        Sabotage("calico-vxlan", "A", "link vxlan.calico", .down, .noRoute, at: "A"),
        Sabotage("calico-vxlan", "B", "link vxlan.calico", .down, .filtered, at: "B"),
        Sabotage(
            "calico-vxlan", "B", "link vxlan.calico", .link { $0.address = nobody }, .neighbourUnreachable, at: "B"),
        Sabotage("calico-vxlan", "A", "route 172.17.9.0/24", .gateway("172.17.9.9"), .neighbourUnreachable, at: "A"),
        Sabotage("calico-vxlan", "B", "neighbour 172.17.8.0", .remove, .neighbourUnreachable, at: "B"),
    ]

    private static let bridged = [
        Sabotage("flannel-host-gw", "A", "address 172.17.8.1", .remove, .neighbourUnreachable, at: "A1"),
        // A Linux host answers for its addresses by every link, so that just the answer is lost.
        Sabotage(
            "flannel-host-gw", "A", "link veth1", .link { $0.membership = Link.Membership.none }, .neighbourUnreachable,
            at: "A"),
        Sabotage("flannel-host-gw", "A", "link docker0", .down, .neighbourUnreachable, at: "A1"),
        Sabotage("flannel-host-gw", "B", "link docker0", .down, .noRoute, at: "B"),
        Sabotage("flannel-host-gw", "B", "route 172.17.9.0/24", .remove, .noRoute, at: "B"),
        Sabotage("flannel-host-gw", "A", "link veth2", .down, .neighbourUnreachable, at: "A1", to: "A2"),
        Sabotage("flannel-host-gw", "A1", "route 172.17.8.0/24", .remove, .delivered, at: "A1", to: "A2"),
    ]

    private static let translated = [
        Sabotage("docker-nat", "A", "table weft-docker-nat", .remove, .noRoute, at: "web", to: "web"),
        Sabotage("docker-nat", "A", "route default", .remove, .noRoute, at: "A", to: "web"),
        Sabotage("docker-nat", "R1", "sysctl net/ipv4/ip_forward", .value("0"), .filtered, at: "R1", to: "web"),
        Sabotage("docker-nat", "web", "route 192.168.100.0/24", .remove, .noRoute, at: "web", to: "web"),
        Sabotage("docker-nat", "R1", "link eth1", .down, .noRoute, at: "R1", to: "web"),
    ]

    private static let ipv6 = [
        Sabotage("calico-ipv6", "B", "sysctl net/ipv6/conf/all/forwarding", .value("0"), .filtered, at: "B"),
        Sabotage("calico-ipv6", "A1", "route default", .remove, .noRoute, at: "A1"),
        Sabotage("calico-ipv6", "A1", "route default", .gateway("fe80::99"), .neighbourUnreachable, at: "A1"),
    ]

    private static func known(_ text: String) -> IPAddress {
        guard let address = IPAddress(parsing: text) else { preconditionFailure("'\(text)' is no address") }
        return address
    }

    private static func host(_ text: String, kind: Route.Kind) -> Route {
        Route(IPPrefix(host: known(text)), kind: kind, protocol: .boot)
    }

    private static func firewall(_ hook: String, _ rule: String) -> NATTable {
        let lines = "\t\ttype filter hook \(hook) priority 0; policy accept;\n\t\t\(rule)\n"
        return NATTable(name: "guard", text: "table inet guard {\n\tchain c {\n\(lines)\t}\n}\n")
    }
}
