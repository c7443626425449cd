import Measuring

extension Catalogue {
    /// More and more containers on ten hosts.
    var lab: Benchmark {
        labs(
            "lab", heading: "Lab of ten hosts",
            about: "Ten hosts with so many containers in all.", unit: "containers", sizes: [10, 100, 1000],
            smallSizes: [10],
            shape: { (10, $0 / 10) },
            targets: [
                "up": [
                    Target(at: 1000, .atMost(1.3, timesOf: "C")), Target(at: 1000, .faster(4, than: "ip -batch")),
                    Target(at: 1000, .faster(25, than: "ip")),
                ],
                "probe": [Target(at: 1000, .atMost(1.3, timesOf: "C")), Target(at: 1000, .mebibytes(32))],
                "icmp": [
                    Target(at: 1000, .atMost(1.3, timesOf: "C")), Target(at: 1000, .faster(5, than: "ip -batch")),
                    Target(at: 1000, .faster(300, than: "ip")),
                ],
            ], peersUpTo: 1000, probesUpTo: 1000)
    }

    /// More and more hosts.
    var wide: Benchmark {
        labs(
            "wide", heading: "Lab of many hosts",
            about: """
                So many hosts with a container each: their routes to each other are the square of them. A thousand are not probed: \
                that takes minutes, and nothing is asked of it.
                """,
            unit: "hosts",
            sizes: [10, 100, 1000], smallSizes: [5], shape: { ($0, 1) }, targets: [:], peersUpTo: 100, probesUpTo: 100)
    }

    private func labs(
        _ name: String, heading: String, about: String, unit: String, sizes: [Int], smallSizes: [Int],
        shape: @escaping @Sendable (Int) -> (hosts: Int, containers: Int), targets: [String: [Target]], peersUpTo: Int,
        probesUpTo: Int
    ) -> Benchmark {
        let what = """
            \(about) Up is `weft lab up`, with every host observed, planned for, applied and verified; C sends the same messages and no \
            more; `ip -batch` is one process for each namespace, `ip` one for each command. A probe is what a question with its answer takes, of \
            those that go from every container to every other, the mean of ICMP, UDP and TCP: of `weft test`, counted by itself with the \
            sockets that it takes, and of C likewise, which asks the same by the same packets. An ICMP probe is the same by ICMP \
            alone, of `weft test --protocols icmp`; there, `ip -batch` stands for `fping -i0` in each container, and `ip` for \
            `ip netns exec … ping`, a sample of \(Self.sampledPings), as all would take hours. Memory is that of the whole command. Down ends \
            when the lab's names and processes are gone.
            """
        return Benchmark(
            name, heading: heading, about: what, unit: unit, sizes: sizes, smallSizes: smallSizes,
            phases: [
                Phase("up", "Up", targets: targets["up"] ?? []),
                Phase("probe", "A probe", targets: targets["probe"] ?? []),
                Phase("icmp", "An ICMP probe", targets: targets["icmp"] ?? []),
                Phase("down", "Down"),
            ],
            contestants: [
                Contestant("C") { size in
                    "\"$YARDSTICK\" lab \(shape(size).hosts) \(shape(size).containers)\(size > probesUpTo ? " unprobed" : "")"
                },
                Contestant("weft") { weftLab(shape($0).hosts, shape($0).containers, isProbed: $0 <= probesUpTo) },
                Contestant("ip -batch", upTo: peersUpTo) {
                    ipLab(shape($0).hosts, shape($0).containers, isBatch: true)
                },
                Contestant("ip", upTo: peersUpTo) { ipLab(shape($0).hosts, shape($0).containers, isBatch: false) },
            ])
    }

    private func weftLab(_ hosts: Int, _ containers: Int, isProbed: Bool) -> String {
        """
        file='\(topologies.calico(hosts: hosts, containers: containers))'
        timed up "$WEFT" lab up "$file" --name bench
        timed down "$WEFT" lab down bench
        # probes PHASE PROTOCOLS; the report has gigabytes, so it is not parsed.
        probes() {
            "$YARDSTICK" settle "$PATIENCE"
            "$YARDSTICK" time test "$WEFT" test "$file" --pairs 1000000 --protocols $2 --json /run/report.json > /run/measured
            milliseconds=$(tail -c 4096 /run/report.json | sed -n 's/.*"probeMilliseconds": \\([0-9]*\\).*/\\1/p')
            reached=$(grep -c '"kind": "reach"' /run/report.json)
            seconds=$(awk "BEGIN { print $milliseconds / 1000 / $reached }")
            echo "measure $1 $seconds 0 $(cut -d' ' -f5 /run/measured)"
        }
        \(isProbed ? "probes probe icmp,udp,tcp; probes icmp icmp" : "")
        """
    }

    /// The same network by iproute2, but for links' aliases.
    private func ipLab(_ hosts: Int, _ containers: Int, isBatch: Bool) -> String {
        """
        hosts=\(hosts) containers=\(containers)
        mkdir /run/batch
        python3 - $hosts $containers <<'END'
        import sys
        hosts, containers = map(int, sys.argv[1:])
        text = lambda value: ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))
        block = lambda host: 0x0A400000 + (host << 7)
        mac = lambda kind, number: f"02:{kind:02x}:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
        first = open("/run/batch/first", "w")
        lan = open("/run/batch/lan", "w")
        addresses = open("/run/addresses", "w")
        print("link add br0 type bridge\\nlink set br0 up", file=lan)
        for host in range(hosts):
            print(f"netns add h{host}", file=first)
            print(f"link add h{host}.eth0 netns lan type veth peer name eth0 address {mac(1, host)} netns h{host}", file=first)
            print(f"link set h{host}.eth0 master br0 up", file=lan)
            with open(f"/run/batch/h{host}", "w") as own:
                print(f"link set lo up\\nlink set eth0 up\\naddress add {text(0x0A000001 + host)}/22 dev eth0", file=own)
                print(f"route add 169.254.1.1 dev lo scope link\\nroute add blackhole {text(block(host))}/25 metric 1024", file=own)
                for place in range(containers):
                    name, address = f"h{host}-{place}", text(block(host) + 2 + place)
                    print(address, file=addresses)
                    print(f"netns add {name}", file=first)
                    print(f"link add cali{place} address ee:ee:ee:ee:ee:ee netns h{host} type veth peer name eth0 "
                          f"address {mac(2, host * containers + place)} netns {name}", file=first)
                    print(f"link set cali{place} up\\nroute add {address} dev cali{place} scope link", file=own)
                    print(f"neighbour add {address} lladdr {mac(2, host * containers + place)} dev cali{place}", file=own)
                    with open(f"/run/batch/{name}", "w") as inner:
                        print(f"link set lo up\\nlink set eth0 up\\naddress add {address}/32 dev eth0", file=inner)
                        print("route add 169.254.1.1 dev eth0 scope link\\nroute add default via 169.254.1.1 dev eth0", file=inner)
                        print("neighbour add 169.254.1.1 lladdr ee:ee:ee:ee:ee:ee dev eth0", file=inner)
                for other in range(hosts):
                    if other != host:
                        print(f"route add {text(block(other))}/25 via {text(0x0A000001 + other)} dev eth0 onlink", file=own)
                        print(f"neighbour add {text(0x0A000001 + other)} lladdr {mac(1, other)} dev eth0", file=own)
        END
        cat > /run/up.sh <<'END'
        # The commands in a file: carry_out FILE [-netns NAME]
        carry_out() {
            file=/run/batch/$1
            shift
            \(isBatch ? "ip \"$@\" -batch $file" : "while read -r line; do ip \"$@\" $line; done < $file")
        }
        ip netns add lan
        carry_out first
        carry_out lan -netns lan
        for host in $(seq 0 $(($1 - 1))); do
            carry_out h$host -netns h$host
            ip netns exec h$host sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward
                for key in /proc/sys/net/ipv4/conf/cali*; do echo 1 > $key/proxy_arp; echo 1 > $key/rp_filter; done'
            for place in $(seq 0 $(($2 - 1))); do carry_out h$host-$place -netns h$host-$place; done
        done
        END
        timed up sh /run/up.sh $hosts $containers
        all=$((hosts * containers))
        if \(isBatch) && command -v fping >/dev/null; then
            timed icmp/$((all * all)) sh -c 'for name in $(ip netns list | grep -e - | cut -d" " -f1); do
                ip netns exec $name fping -i0 -q -c1 -f /run/addresses; done'
        fi
        if ! \(isBatch) && command -v ping >/dev/null; then
            cat > /run/ping.sh <<'END'
        names=($(ip netns list | grep -e - | cut -d" " -f1))
        addresses=($(cat /run/addresses))
        for i in $(seq $1); do
            ip netns exec ${names[i * 7919 % ${#names[@]}]} ping -n -q -c1 -W1 ${addresses[i * 611953 % ${#addresses[@]}]}
        done
        END
            timed icmp/\(Self.sampledPings) bash /run/ping.sh \(Self.sampledPings)
        fi
        timed down sh -c 'ip netns list | sed "s/ .*//; s/^/netns delete /" | ip -batch -'
        """
    }

    /// Programs started to ping from one container to another.
    private static var sampledPings: Int { 300 }
}
