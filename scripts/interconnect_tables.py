"""The tables of results/interconnect/: what is compared, and what it does and does not show."""

MOE, SHARDED, LLAMA = "moe-2t-1k", "dense-18b-1k", "llama3-405b-1k"
RUNS = (LLAMA, MOE, SHARDED)


def across(variants, runs=RUNS):
    """Every run with every variant: pairs of a label and the words of a command."""
    return [(label, [run, *words]) for run in runs for label, words in variants]


def on(cluster, *settings):
    return ["--cluster", cluster, *(word for setting in settings for word in ("--set", setting))]


LEAF_SPINE = "h100-1k-leaf-spine"
SLOW_NIC = "degraded.links=[{{level: nic, number: 5, rate: {}}}]"
SLOW_ACCELERATOR = "degraded.accelerators=[{{number: {}, slowdown: 1.1}}]"
FABRICS = [
    ("rail-optimised: 24 switches of 128 ports", on("h100-1k-rail")),
    ("rail-only: 8 of 128", on("h100-1k-rail-only")),
    ("leaf-spine: 24 of 128", on(LEAF_SPINE)),
    ("fat tree: 320 of 16", on("h100-1k-fat-tree")),
    ("dragonfly, shortest ways: 128 of 32", on("h100-1k-dragonfly")),
    ("dragonfly+, shortest ways: 192 of 32", on("h100-1k-dragonfly-plus")),
    ("HyperX, shortest ways: 128 of 32", on("h100-1k-hyperx")),
    ("torus: none, six ports a NIC", on("h100-1k-torus")),
]

TABLES = {
    "oversubscription": {
        "kind": "run",
        "title": "Oversubscription above the leaf, 1:1 to 8:1",
        "rows": across([(f"{k}:1", on(LEAF_SPINE, f"network.oversubscription={k}") if k > 1 else on(LEAF_SPINE))
                        for k in (1, 2, 4, 8)])
        + [(f"pods {k}:1", ["llama3-405b-16k", *(["--set", f"network.pod_oversubscription={k}"] if k != 7 else [])])
           for k in (1, 7, 14)],
        "shows": "Who crosses the oversubscribed tier decides, not how much is sent: rings of the sharded dense"
                 " model leave a leaf of 8 nodes on 8 of 64 NICs and never notice; experts over 16 nodes send "
                 "half of their bytes past the leaf and pay, from 2:1 on, nearly in proportion; Llama's "
                 "pipeline messages all cross at once, wait, and with them the stages. On 16,384 the published "
                 "1:7 between pods costs half a percent.",
        "not": "Contiguous placement is assumed; with others on the machine the same tiers are crossed more "
               "often (`placement.md`). Trunks are shared perfectly (`routing.md`).",
    },
    "scale-up": {
        "kind": "run",
        "title": "NVLink domains of 8, 72 and 576",
        "rows": [(f"NVL{n}", [run, "--cluster", f"gb200-1k-nvl{n}"]) for run in (LLAMA, MOE) for n in (8, 72, 576)],
        "without_power": True,
        "shows": "Experts over 128 accelerators meet 16, 2 and 1 domains: what leaves the domain falls from "
                 "15/16 to 1/2 to nothing, and with it the exposed all-to-alls. The dense model, whose tensor "
                 "collectives stay within 8 anyway, gains less: its messages and gradients move to NVLink one "
                 "after the other.",
        "not": "Layouts stay those for domains of 8; a larger domain would allow others. Spares of a domain (8 "
               "of 72, 64 of 576) are left out. Power is left out, as nobody would build a rail for each of 512"
               " accelerators of two domains.",
    },
    "topologies": {
        "kind": "run",
        "title": "Networks at 1,024 accelerators, with their switches counted",
        "rows": across(FABRICS),
        "shows": "A training job placed in order uses rails only: rail-only switches, a third of the power, "
                 "give the same step. Direct networks give neighbouring nodes one link where a node has eight "
                 "NICs, so that shortest ways alone make rings and pipelines several times slower (`routing.md`"
                 " has the detours); a torus moreover is a poor match for rings that use one of six ports at a "
                 "time.",
        "not": "Cost of cables and optics beyond ports; collectives made for the topology, as TPUs have for the"
               " torus; placement made for it; other jobs. Switches of equal bandwidth per port are assumed to "
               "draw power by port.",
    },
    "routing": {
        "kind": "run",
        "title": "Spraying, ECMP, adaptive routing and detours",
        "rows": across([
            ("leaf-spine, spray", on(LEAF_SPINE)),
            ("leaf-spine, one way by destination", on(LEAF_SPINE, "network.routing=single")),
            *((f"leaf-spine, ECMP, seed {seed}", on(LEAF_SPINE, "network.routing=ecmp", f"network.routing_seed={seed}"))
              for seed in (1, 2, 3)),
            ("leaf-spine, adaptive", on(LEAF_SPINE, "network.routing=adaptive")),
            ("dragonfly, shortest ways", on("h100-1k-dragonfly")),
            ("dragonfly, Valiant", on("h100-1k-dragonfly", "network.routing=valiant")),
            ("dragonfly, adaptive", on("h100-1k-dragonfly", "network.routing=adaptive"))], (LLAMA, SHARDED)),
        "shows": "Flows of training are few and large, so a hash puts two or three of them on one uplink and "
                 "the slowest decides the collective: a full-bisection network loses what spraying or adaptive "
                 "routing keep. On a dragonfly adaptive detours give back three quarters of what shortest ways "
                 "lose, random ones (Valiant) half.",
        "not": "Several queue pairs per connection, which spread a flow over more ways; reordering at the "
               "receiver; the time in which adaptive routing reacts: it is greedy and knows the flows of its "
               "phase. One placement; three seeds are not a distribution.",
    },
    "algorithms": {
        "kind": "collective",
        "title": "All-reduce by ring, tree and in the network",
        "rows": [(f"{ranks} ranks", ["all-reduce", "--cluster", "h100-1k-rail", "--ranks", str(ranks), "--size", size,
                                     "--algorithm", "ring,tree,hierarchical,nvls-tree,sharp"])
                 for ranks in (64, 1024) for size in ("64KiB", "16MiB", "1GiB")],
        "shows": "Latency of a ring grows with ranks, of a tree with their logarithm, of reductions in switches"
                 " hardly at all; for large messages all are bound by NICs, where a reduction in the network "
                 "sends each byte once instead of twice.",
        "not": "Rings of 1,024 ranks at 64 KiB are what nobody would choose (the tuner does not): they are here"
               " by request. Limits of switches that reduce (buffers, number of trees, one job at a time) are "
               "one efficiency.",
    },
    "bandwidth": {
        "kind": "run",
        "title": "NICs of 400 and 800 Gbps",
        "rows": across([("400 Gbps", on("h100-1k-rail")),
                        ("800 Gbps", on("h100-1k-rail", "network.link=infiniband-xdr"))]),
        "shows": "Only what is exposed and bound by NICs can gain: all-to-alls of experts halve, Llama's "
                 "messages and gradients too, but they were a small share; the sharded dense model gains "
                 "nothing, as eight NICs of 400 Gbps already feed a ring as fast as NVLink carries it inside "
                 "the node.",
        "not": "Switches keep their power and ports at both speeds here; PCIe, which an 800 Gbps NIC of this "
               "node would exceed.",
    },
    "degraded": {
        "kind": "run",
        "title": "One bad NIC, one slow accelerator",
        "rows": [(label, [run, *words]) for run, middle in (("llama3-405b-16k", 8209), (LLAMA, 529), (SHARDED, 529))
                 for label, words in [
                     ("healthy", []),
                     *((f"one NIC at {rate:.0%}", ["--set", SLOW_NIC.format(rate)]) for rate in (0.5, 0.1)),
                     *((f"accelerator {number} 10 % slower", ["--set", SLOW_ACCELERATOR.format(number)])
                       for number in (17, middle))]],
        "shows": "One NIC of thousands slows all, by as much as what it carries is exposed: the step waits for "
                 "the gradients of one ring, or for the messages of one stage. One slow accelerator holds up "
                 "its tensor group, that its pipeline, and that everybody, less what is waited in the pipeline "
                 "anyway; on Llama's first stage (17), which has a layer less, it costs less than on one in the"
                 " middle.",
        "not": "What software does about it: NCCL would not move traffic to other NICs by itself, an operator "
               "would replace the node.",
    },
    "placement": {
        "kind": "run",
        "title": "Contiguous, random nodes, random accelerators",
        "rows": across([(f"{policy}, {k}:1", on(LEAF_SPINE, *([f"network.oversubscription={k}"] if k > 1 else []),
                                                *([f"placement.policy={policy}"] if policy != "contiguous" else [])))
                        for k in (1, 4) for policy in ("contiguous", "random-nodes")], (LLAMA, SHARDED))
        + [("random accelerators, 4:1",
            [SHARDED, *on(LEAF_SPINE, "network.oversubscription=4", "placement.policy=random")])],
        "shows": "On full bisection with spraying placement is nearly free. At 4:1 rings over random nodes "
                 "cross the uplinks at every hop instead of once a leaf: four times slower collectives for the "
                 "sharded model. For Llama it is a trade: in order, a leaf is a stage whose messages all leave "
                 "at once; shuffled, messages spread but gradient rings cross.",
        "not": "Other jobs, which random placement mostly comes with. One seed.",
    },
    "datacentres": {
        "kind": "run",
        "title": "Two datacentres, 100 km apart",
        "rows": across([("one place", on("h100-1k-rail")), ("two, 64 long links", on("h100-1k-two-sites")),
                        ("two, 4 long links", on("h100-1k-two-sites", "network.long_links=4")),
                        ("two, 64 long links, 1,000 km", on("h100-1k-two-sites", "network.long_latency=5 ms"))]),
        "shows": "Pipelines bear distance: in order, half of the stages are in each place and only messages "
                 "cross, a quarter of a percent for Llama. Rings over both places pay the way round in every "
                 "collective of every layer.",
        "not": "Loss and congestion control over long ways, which want deep buffers; links that are shared with"
               " others or fail. Nothing was re-arranged for the distance.",
    },
    "latency": {
        "kind": "collective",
        "title": "Where latency ends and bandwidth begins",
        "every": 3,
        "rows": [(f"{kind}, {ranks} ranks",
                  [kind, "--cluster", "h100-1k-rail", "--ranks", str(ranks), "--size", "1KiB:1GiB"])
                 for kind, ranks in (("all-reduce", 8), ("all-reduce", 64), ("all-reduce", 1024), ("all-to-all", 64))],
        "shows": "Up to some 8 KiB (64 KiB inside a node) time hardly depends on size: it is starts and steps. "
                 "The tuner changes algorithm and protocol as sizes grow (columns; every third size is shown); "
                 "full bandwidth takes messages of hundreds of MiB, more with more ranks.",
        "not": "Jitter of hosts and queues: these are idle networks. How close small messages are to "
               "measurements is in `results/collectives/validation.md`: 11 % (times) to 28 % (bandwidths) in "
               "the mean.",
    },
}
