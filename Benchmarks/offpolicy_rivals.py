#!/usr/bin/env python3
"""Souk's off-policy estimates beside those of obp (Open Bandit Pipeline) on the real log that obp carries.

    pip install numpy==2.4.6 pandas==3.1.1 scikit-learn scipy matplotlib seaborn pyyaml tqdm && pip install --no-deps obp==0.4.1
    offpolicy_rivals.py SOUK [CAMPAIGN] [--no-sampling]      CAMPAIGN: all, men or women

The policy of Bernoulli Thompson sampling is judged from the log of the uniformly random one. obp gets the same chances of choices
and the same model of rewards as Souk, made here once more with pandas, so that each estimator can be compared; a difference above
1e-9 is an error. Beside them stands obp's own way to the chances: the sampling policy run again 100,000 times, which takes longest.
"""
import json, os, subprocess, sys, types

import numpy as np
import pandas as pd

try:
    import torch
except ModuleNotFoundError:
    # obp names torch's types when it is imported; the estimators asked for here compute with NumPy.
    names = {name: types.ModuleType(name) for name in ("torch", "torch.nn", "torch.nn.functional", "torch.optim", "torch.utils", "torch.utils.data")}
    sys.modules.update(names)
    names["torch"].Tensor = type("Tensor", (), {})
    names["torch.nn"].Module = names["torch.utils.data"].Dataset = type("Module", (), {})
    names["torch.optim"].Adam = names["torch.utils.data"].DataLoader = type("Absent", (), {})
    for name in ("nn", "optim", "utils"):
        setattr(names["torch"], name, names[f"torch.{name}"])
    names["torch.nn"].functional, names["torch.utils"].data = names["torch.nn.functional"], names["torch.utils.data"]

import obp.dataset
from obp.ope import DirectMethod, DoublyRobust, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting

TOLERANCE = 1e-9
ADDED = 100
COLUMNS = ["item_id", "position", "click", "propensity_score"]


def file(policy: str, campaign: str) -> str:
    return os.path.join(os.path.dirname(obp.dataset.__file__), "obd", policy, campaign, f"{campaign}.csv")


def chances(log: pd.DataFrame, items: int, positions: int) -> np.ndarray:
    """Mean chance of each item at each position, made to sum to one; shape `[items, positions]`."""
    means = log.groupby(["item_id", "position"]).propensity_score.mean().unstack(fill_value=0.0)
    table = means.reindex(range(items), fill_value=0.0).reindex(columns=range(1, positions + 1), fill_value=0.0).to_numpy()
    return table / table.sum(axis=0)


def expected(log: pd.DataFrame, items: int, positions: int) -> np.ndarray:
    """Clicks by item and position, drawn to the position's mean; shape `[items, positions]`."""
    groups = log.groupby(["item_id", "position"]).click
    full = dict(index=range(items), columns=range(1, positions + 1), fill_value=0.0)
    clicks, counts = groups.sum().unstack(fill_value=0.0).reindex(**full), groups.count().unstack(fill_value=0.0).reindex(**full)
    mean = clicks.sum(axis=0) / counts.sum(axis=0)
    return ((clicks + ADDED * mean) / (counts + ADDED)).to_numpy()


def main() -> None:
    souk, *rest = (word for word in sys.argv[1:] if not word.startswith("--"))
    campaign = (rest or ["all"])[0]
    log, other = (pd.read_csv(file(policy, campaign))[COLUMNS] for policy in ("random", "bts"))
    items, positions = int(max(log.item_id.max(), other.item_id.max())) + 1, int(log.position.max())
    spread = np.repeat(chances(other, items, positions)[None], len(log), axis=0)
    models = [expected(log[half::2], items, positions) for half in (1, 0)]
    rewards = np.stack([models[place % 2] for place in range(len(log))])
    feedback = dict(reward=log.click.to_numpy(), action=log.item_id.to_numpy(), position=log.position.to_numpy() - 1,
                    pscore=log.propensity_score.to_numpy(), action_dist=spread, estimated_rewards_by_reg_model=rewards)
    theirs = {"ips": InverseProbabilityWeighting(), "snips": SelfNormalizedInverseProbabilityWeighting(), "dr": DoublyRobust(), "dm": DirectMethod()}
    theirs = {name: float(estimator.estimate_policy_value(**feedback)) for name, estimator in theirs.items()}
    done = subprocess.run([souk, "evaluate", "offpolicy", "--impressions", file("random", campaign), "--policy", file("bts", campaign), "--quiet"],
                          capture_output=True, text=True, check=True)
    ours = json.loads(done.stdout.strip().splitlines()[-1])
    differences = {name: abs(ours[name] - value) for name, value in theirs.items()}
    print(json.dumps({"campaign": campaign, "souk": ours, "obp": theirs, "sampled_again": None if "--no-sampling" in sys.argv else sampled(log, feedback, items, positions, campaign),
                      "largest_difference": max(differences.values())}, indent=1))
    if wrong := [name for name, value in differences.items() if not value <= TOLERANCE]:
        sys.exit(f"Souk and obp differ in {', '.join(wrong)}")


def sampled(log: pd.DataFrame, feedback: dict, items: int, positions: int, campaign: str) -> dict:
    from obp.policy import BernoulliTS
    policy = BernoulliTS(n_actions=items, len_list=positions, is_zozotown_prior=True, campaign=campaign, random_state=12345)
    own = feedback | {"action_dist": policy.compute_batch_action_dist(n_sim=100000, n_rounds=len(log))}
    return {"ips": float(InverseProbabilityWeighting().estimate_policy_value(**own)),
            "snips": float(SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(**own))}


if __name__ == "__main__":
    main()
