"""AI Hub data set 231 "피트니스 자세 이미지": reader, cleaning, splits and crops. Needs no training packages."""
