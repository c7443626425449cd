import Measuring

extension Catalogue {
    /// Where each of a device's gateways has a hundred prefixes behind it.
    var routes: Benchmark {
        routing(
            "routes", heading: "Routes of a host, a hundred by each gateway",
            about: "So many routes over a hundredth as many gateways, all on one device.",
            sizes: [1000, 10_000, 100_000],
            smallSizes: [200], gateways: { max(1, $0 / 100) },
            targets: [
                "apply": [
                    Target(at: 100_000, .faster(8, than: "ip -batch")),
                    Target(at: 10_000, .faster(100, than: "pyroute2")),
                    Target(at: 10_000, .faster(50, than: "ifstate")),
                ],
                "send": [Target(at: 100_000, .atMost(1.1, timesOf: "C"))],
                "converged": [Target(at: 100_000, .mebibytes(128))],
                "again": [
                    Target(at: 100_000, .faster(20, than: "ip -batch")),
                    Target(at: 100_000, .atMost(1.3, timesOf: "C, next-hop objects")),
                    Target(at: 100_000, .mebibytes(128)),
                ],
                "plain": [Target(at: 100_000, .atMost(1.3, timesOf: "C"))],
                "destroy": [Target(at: 100_000, .faster(7, than: "ip -batch"))],
            ])
    }

    /// A routed mesh: every peer is a gateway.
    var mesh: Benchmark {
        routing(
            "mesh", heading: "Routes of a host in a mesh, each by a gateway of its own",
            // With the host itself, as many hosts as a topology may have.
            about: "So many routes over as many gateways, all on one device.", sizes: [100, 1000, 9999],
            smallSizes: [50], gateways: { $0 },
            targets: ["apply": [Target(at: 9999, .faster(15, than: "ip -batch"))]])
    }

    private func routing(
        _ name: String, heading: String, about: String, sizes: [Int], smallSizes: [Int],
        gateways: @escaping @Sendable (Int) -> Int, targets: [String: [Target]]
    ) -> Benchmark {
        let what = """
            \(about) `weft` plans, applies, applies two times more, applies a change of one route, and destroys; each is a whole \
            command that also observes, verifies and keeps its ledger. The second apply finds nothing to change by comparing all there is \
            with all there should be, and the third by the seal that the second has left: that is what every further one takes. C sends \
            what it knows beforehand, ordered for the kernel; converged it dumps and compares. The others add, replace and delete the same. \
            Sending is what one more apply, of plain routes as C's are, spends in its calls to sendto(2), in which the kernel adds them, \
            by strace, which itself takes some of that; C's is the whole of its adding. Those plain routes, looked at once more by a seal of \
            theirs, are "Converged, plain": there the kernel tells weft what it tells C, and C's is its third look.
            """
        let phases = [
            Phase("plan", "Plan"), Phase("apply", "Apply", targets: targets["apply"] ?? []),
            Phase("send", "Sending", targets: targets["send"] ?? []),
            Phase("converged", "Converged", targets: targets["converged"] ?? []),
            Phase("again", "Converged, again", targets: targets["again"] ?? []),
            Phase("plain", "Converged, plain", targets: targets["plain"] ?? []), Phase("change", "Change one"),
            Phase("destroy", "Destroy", targets: targets["destroy"] ?? []),
        ]
        return Benchmark(
            name, heading: heading, about: what, unit: "routes", sizes: sizes, smallSizes: smallSizes, phases: phases,
            contestants: [
                Contestant("C") { "uplink\n\"$YARDSTICK\" routes \($0) \(gateways($0)) plain" },
                Contestant("C, next-hop objects") { "uplink\n\"$YARDSTICK\" routes \($0) \(gateways($0)) objects" },
                Contestant("weft") { weft($0, gateways($0)) },
                Contestant("ip -batch") { batch($0, gateways($0)) },
                Contestant("pyroute2", needs: ["python3:pyroute2"], upTo: 10_000) { pyroute2($0, gateways($0)) },
                Contestant("ifstate", needs: ["ifstatecli"], upTo: 10_000) { ifstate($0, gateways($0)) },
            ])
    }

    private func weft(_ routes: Int, _ gateways: Int) -> String {
        """
        uplink
        file='\(topologies.peers(routes: routes, gateways: gateways))'
        timed plan "$WEFT" plan "$file" --host A
        timed apply "$WEFT" apply "$file" --host A
        timed converged "$WEFT" apply "$file" --host A
        timed again "$WEFT" apply "$file" --host A
        timed change "$WEFT" apply '\(topologies.peers(routes: routes, gateways: gateways, variant: "-moved", moved: true))' --host A
        timed destroy "$WEFT" destroy --host A
        sed 's/"profile": "calico"/&, "nextHops": "plain"/' "$file" > /run/plain.json
        trace=
        if command -v strace >/dev/null; then trace='strace --seccomp-bpf -f -T -e trace=sendto -e raw=sendto -o /run/sends'; fi
        $trace "$WEFT" apply /run/plain.json --host A >/dev/null
        [ -z "$trace" ] || awk -F'[<>]' '/sendto/ { seconds += $(NF-1) } END { print "measure send", seconds, 0, 0 }' /run/sends
        "$WEFT" apply /run/plain.json --host A >/dev/null
        timed plain "$WEFT" apply /run/plain.json --host A
        """
    }

    private func batch(_ routes: Int, _ gateways: Int) -> String {
        let files = ["add", "replace", "delete"].map { verb in
            topologies.file("batch-\(verb)-\(routes)-\(gateways)", suffix: "txt") {
                Self.routeList(routes, gateways).map { "route \(verb) \($0.to) via \($0.gateway) dev eth0 onlink\n" }
                    .joined()
            }
        }
        return """
            uplink
            timed apply ip -batch '\(files[0])'
            timed converged ip -batch '\(files[1])'
            timed again ip -batch '\(files[1])'
            timed destroy ip -batch '\(files[2])'
            """
    }

    private func pyroute2(_ routes: Int, _ gateways: Int) -> String {
        """
        uplink
        cat > /run/routes.py <<'END'
        import sys
        from pyroute2 import IPRoute
        each = \((routes + gateways - 1) / gateways)
        with IPRoute() as ip:
            device = ip.link_lookup(ifname="eth0")[0]
            for number in range(\(routes)):
                to, by = 0x0A000000 + (number << 6), 0xC0A80101 + number // each
                text = lambda value: ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))
                ip.route(sys.argv[1], dst=text(to) + "/26", gateway=text(by), oif=device, flags=4)
        END
        timed apply python3 /run/routes.py add
        timed converged python3 /run/routes.py replace
        timed again python3 /run/routes.py replace
        timed destroy python3 /run/routes.py del
        """
    }

    private func ifstate(_ routes: Int, _ gateways: Int) -> String {
        let file = topologies.file("ifstate-\(routes)-\(gateways)", suffix: "yml") {
            """
            interfaces:
              eth0:
                addresses: [192.168.0.1/16]
                link: {state: up, kind: veth, peer: far}
              far:
                link: {state: up, kind: veth, peer: eth0}
            routing:
              routes:

            """
                + Self.routeList(routes, gateways).map { "  - {to: \($0.to), via: \($0.gateway), dev: eth0}\n" }
                .joined()
        }
        return """
            uplink
            timed apply ifstatecli -c '\(file)' apply
            timed converged ifstatecli -c '\(file)' apply
            timed again ifstatecli -c '\(file)' apply
            """
    }

    private static func routeList(_ routes: Int, _ gateways: Int) -> [(to: String, gateway: String)] {
        let each = (routes + gateways - 1) / gateways
        return (0..<routes).map { ("\(address(0x0A00_0000 + $0 << 6))/26", address(0xC0A8_0101 + $0 / each)) }
    }
}
