package import Compiler

/// Rules of routing that somebody makes on one host, by `ip`, and what becomes of packets from A1 to B1 then.
///
/// Their priorities are 100, 150 and 200, and their table is 100, so that one script undoes all.
package struct RoutingRules: Sendable, CustomStringConvertible {
    package let topology: String
    package let node: String
    package let script: String
    package let disposition: Disposition

    package var description: String { "\(topology): \(script) on \(node)" }

    package static let undoing = """
        for priority in 100 150 200; do
          for family in -4 -6; do while ip $family rule del pref $priority 2>/dev/null; do :; done; done
        done
        ip route flush table 100 2>/dev/null || true
        """

    package static let kinds = [
        kind("A", "ip rule add pref 100 from 172.17.8.2 prohibit", .neighbourUnreachable),
        kind("A", "ip rule add pref 100 from 172.17.8.2 to 172.17.9.0/24 prohibit", .noRoute),
        kind("A", "ip rule add pref 100 iif veth1 to 172.17.9.0/24 unreachable", .noRoute),
        kind("A", "ip rule add pref 100 iif lo to 172.17.9.0/24 unreachable", .delivered),
        kind("A", "ip rule add pref 100 oif eth0 blackhole", .delivered),
        kind("A", "ip rule add pref 100 not to 172.17.0.0/16 blackhole", .neighbourUnreachable),
        kind("A", "ip rule add pref 100 not from 172.17.8.0/24 to 172.17.9.0/24 blackhole", .neighbourUnreachable),
        kind("B", "ip rule add pref 100 from 172.17.9.2 to 172.17.8.2 blackhole", .blackholed),
        kind("B", "ip rule add pref 100 fwmark 7 blackhole", .delivered),
        kind(
            "A", "ip rule add pref 100 to 172.17.9.2 lookup 100; ip route add blackhole default table 100", .blackholed),
        kind("A", "ip rule add pref 100 to 172.17.9.2 lookup 100; ip route add throw default table 100", .delivered),
        kind("A", "ip rule add pref 100 to 172.17.9.2 lookup 100", .delivered),
        kind(
            "A",
            "ip rule add pref 100 lookup 100; ip route add 172.17.9.0/24 via 192.168.100.199 dev eth0 onlink table 100",
            .neighbourUnreachable),
        kind(
            "B",
            "ip rule add pref 100 lookup main suppress_prefixlength 24; ip rule add pref 200 to 172.17.0.0/16 blackhole",
            .blackholed),
        kind(
            "A", "ip rule add pref 200 nop; ip rule add pref 150 blackhole; ip rule add pref 100 goto 200", .delivered),
        RoutingRules(
            topology: "calico-ipv6", node: "A",
            script: "ip -6 rule add pref 100 from fd00:17::/112 to fd00:17::/112 prohibit",
            disposition: .noRoute),
    ]

    private static func kind(_ node: String, _ script: String, _ disposition: Disposition) -> RoutingRules {
        RoutingRules(topology: "calico-two-hosts", node: node, script: script, disposition: disposition)
    }
}
