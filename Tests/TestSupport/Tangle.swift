package import Compiler

extension SourceText {
    /// Routers in a row and across, and a host on two networks: what is hard to draw.
    package static let tangle = SourceText(
        name: "tangle.json",
        text: """
            {"version": 1, "name": "tangle", "network": {"profile": "calico-vxlan", "pools": ["10.244.0.0/16"]},
             "segments": [{"name": "north", "subnet": "10.0.1.0/24"}, {"name": "middle", "subnet": "10.0.2.0/24"},
              {"name": "south", "subnet": "10.0.3.0/24"}],
             "routers": [
              {"name": "R1", "links": [{"segment": "north", "name": "eth0", "address": "10.0.1.1"},
                {"segment": "middle", "name": "eth1", "address": "10.0.2.1"}]},
              {"name": "R2", "links": [{"segment": "middle", "name": "eth0", "address": "10.0.2.2"},
                {"segment": "south", "name": "eth1", "address": "10.0.3.2"}]},
              {"name": "R3", "links": [{"segment": "north", "name": "uplink-to-north", "address": "10.0.1.3"},
                {"segment": "middle", "name": "eth1", "address": "10.0.2.3"},
                {"segment": "south", "name": "eth2", "address": "10.0.3.3"}]}],
             "hosts": [
              {"name": "A", "links": [{"segment": "north", "address": "10.0.1.10"}], "containers": 7,
               "routes": [{"to": "10.0.3.0/24", "via": "10.0.1.3"}]},
              {"name": "B-with-two-links", "links": [{"segment": "north", "name": "eth0", "address": "10.0.1.11"},
                {"segment": "south", "name": "eth1", "address": "10.0.3.11"}], "containers": 1},
              {"name": "C", "links": [{"segment": "south", "address": "10.0.3.12"}], "containers": 2,
               "routes": [{"to": "10.0.1.0/24", "via": "10.0.3.3"}]}]}
            """)
}
