import Measuring

extension Catalogue {
    /// What most programs for small labs can do.
    var star: Benchmark {
        Benchmark(
            "star", heading: "Hosts around a router",
            about: """
                So many hosts on a router, each by a wire and a subnet of its own. mininet and munet build the same, as Python \
                that has begun already; `ip` is a process for each command.
                """,
            unit: "hosts", sizes: [10, 30, 100], smallSizes: [5],
            phases: [
                Phase(
                    "up", "Up",
                    targets: [
                        Target(at: 100, .faster(15, than: "mininet")), Target(at: 100, .faster(200, than: "munet")),
                    ]), Phase("down", "Down"),
            ],
            contestants: [
                Contestant("C") { "\"$YARDSTICK\" star \($0)" },
                Contestant("weft") { hosts in
                    """
                    timed up "$WEFT" lab up '\(topologies.star(hosts: hosts))' --name bench
                    timed down "$WEFT" lab down bench
                    """
                },
                Contestant("ip -batch") { ipStar($0, isBatch: true) },
                Contestant("ip") { ipStar($0, isBatch: false) },
                Contestant("mininet", needs: ["/usr/bin/python3:mininet", "mnexec"]) { mininet($0) },
                Contestant("munet", needs: ["python3:munet"]) { munet($0) },
            ])
    }

    private func ipStar(_ hosts: Int, isBatch: Bool) -> String {
        let (batch, close) =
            isBatch ? ("ip $space -batch - <<END", "END") : ("(ip() { command ip $space \"$@\"; }", ")")
        let word = isBatch ? "" : "ip "
        return """
            cat > /run/up.sh <<'WHOLE'
            address() { echo 10.$((99 + $1 / 64 / 256)).$((4 * $1 / 256 % 256)).$((4 * $1 % 256 + $2)); }
            ip netns add router
            for i in $(seq 0 $(($1 - 1))); do ip netns add h$i; done
            for i in $(seq 0 $(($1 - 1))); do
            space="-netns router"
            \(batch)
            \(word)link add eth$i type veth peer name eth0 netns h$i
            \(word)link set eth$i up
            \(word)address add $(address $i 1)/30 dev eth$i
            \(close)
            space="-netns h$i"
            \(batch)
            \(word)link set lo up
            \(word)link set eth0 up
            \(word)address add $(address $i 2)/30 dev eth0
            \(word)route add default via $(address $i 1)
            \(close)
            done
            WHOLE
            timed up bash /run/up.sh \(hosts)
            timed down sh -c 'ip netns list | sed "s/ .*//; s/^/netns delete /" | ip -batch -'
            """
    }

    private func mininet(_ hosts: Int) -> String {
        """
        cat > /run/star.py <<'END'
        import time
        from mininet.net import Mininet
        from mininet.topo import Topo
        class Star(Topo):
            def build(self):
                router = self.addHost("router", ip=None)
                for i in range(\(hosts)):
                    place = lambda last: f"10.99.{4 * i // 256}.{4 * i % 256 + last}"
                    host = self.addHost(f"h{i}", ip=place(2) + "/30", defaultRoute="via " + place(1))
                    self.addLink(host, router, intfName2=f"r{i}", params2={"ip": place(1) + "/30"})
        start = time.monotonic()
        net = Mininet(topo=Star(), controller=None)
        net.start()
        print("measure up", time.monotonic() - start, 0, 0)
        start = time.monotonic()
        net.stop()
        print("measure down", time.monotonic() - start, 0, 0)
        END
        # Debian's, which has its module.
        /usr/bin/python3 /run/star.py
        """
    }

    private func munet(_ hosts: Int) -> String {
        """
        cat > /run/star.py <<'END'
        import asyncio, tempfile, time
        from munet.native import Munet
        async def main():
            start = time.monotonic()
            net = Munet(rundir=tempfile.mkdtemp(dir="/run"), pid=False)
            router = net.add_host("router")
            for i in range(\(hosts)):
                place = lambda last: f"10.99.{4 * i // 256}.{4 * i % 256 + last}"
                host = net.add_host(f"h{i}")
                net.add_link(host, router, "eth0", f"r{i}")
                host.cmd_raises(f"ip address add {place(2)}/30 dev eth0; ip route add default via {place(1)}")
                router.cmd_raises(f"ip address add {place(1)}/30 dev r{i}")
            print("measure up", time.monotonic() - start, 0, 0)
            start = time.monotonic()
            await net.async_delete()
            print("measure down", time.monotonic() - start, 0, 0)
        asyncio.run(main())
        END
        python3 /run/star.py
        """
    }
}
